import AttuneModel
import Fatigue
import Metrics
import Platform
import Reach

/// What the server counts and times. No label ever names a user, a device or a message.
struct Instruments: Sendable {
  let factory: PrometheusFactory
  let requests: RequestInstruments
  let commits: Timer
  let waiting: Meter
  let buffered: Meter
  let deferred: Meter
  let queued: Meter
  let claimed: Meter
  let oldestQueued: Meter
  let memory: Meter
  private let store: [StoreFiles.Part: Meter]
  private let decisionDelay: Timer
  private let decisions: [Trace.Outcome: Counter]
  private let messages: [Tally.Stage: Counter]
  private let reserved: Counter
  /// By the tally's detail.
  private let refused: [String: Counter]
  private let businesses: BusinessCounters

  init() {
    let factory = PrometheusFactory(families: Self.families)
    self.factory = factory
    requests = RequestInstruments(factory: factory)
    commits = Timer(label: "attune_commit_duration", factory: factory)
    waiting = Meter(label: "attune_queue_inputs", factory: factory)
    buffered = Meter(label: "attune_buffered_events", factory: factory)
    deferred = Meter(label: "attune_deferred_candidates", factory: factory)
    queued = Meter(label: "attune_outbox_queued_messages", factory: factory)
    claimed = Meter(label: "attune_outbox_claimed_messages", factory: factory)
    oldestQueued = Meter(label: "attune_outbox_oldest_queued_seconds", factory: factory)
    memory = Meter(label: "process_resident_memory_bytes", factory: factory)
    store = Dictionary(
      uniqueKeysWithValues: StoreFiles.Part.allCases.map {
        ($0, Meter(label: "attune_store_bytes", dimensions: [("part", $0.rawValue)], factory: factory))
      })
    businesses = BusinessCounters(factory: factory)
    Meter(label: "attune_build_info", dimensions: [("version", Build.version)], factory: factory).set(1)
    decisionDelay = Timer(label: "attune_decision_delay", factory: factory)
    let outcomes: [Trace.Outcome] = [.sent, .refused, .deferred, .retracted]
    decisions = Dictionary(
      uniqueKeysWithValues: outcomes.map {
        ($0, Counter(label: "attune_decisions", dimensions: [("outcome", $0.name)], factory: factory))
      })
    let ends: [(Tally.Stage, String)] = [
      (.taken, "accepted"), (.failed, "failed"), (.unknown, "unknown"), (.withdrawn, "withdrawn"),
    ]
    messages = Dictionary(
      uniqueKeysWithValues: ends.map {
        ($0, Counter(label: "attune_messages_settled", dimensions: [("outcome", $1)], factory: factory))
      })
    reserved = Self.reservations("passed", "", factory)
    refused = Dictionary(
      uniqueKeysWithValues: FatigueVerdict.Dimension.allCases.map {
        (Obstacle.fatigue($0).name, Self.reservations("refused", $0.rawValue, factory))
      })
  }

  private static func reservations(_ outcome: String, _ dimension: String, _ factory: PrometheusFactory) -> Counter {
    Counter(
      label: "attune_reservations", dimensions: [("outcome", outcome), ("dimension", dimension)], factory: factory)
  }

  private static let families: [String: PrometheusFactory.Family] = [
    "attune_commit_duration": .init(help: "How long a group commit took."),
    "attune_queue_inputs": .init(help: "Inputs that wait to be committed."),
    "attune_buffered_events": .init(help: "Events that wait for those which may still come before them."),
    "attune_deferred_candidates": .init(help: "Candidates put off to a later time."),
    "attune_outbox_queued_messages": .init(help: "Messages that wait to be sent, or to be tried again."),
    "attune_outbox_claimed_messages": .init(help: "Messages handed to a channel that has not answered yet."),
    "attune_outbox_oldest_queued_seconds": .init(help: "Age of the oldest message that waits to be sent."),
    "process_resident_memory_bytes": .init(help: "Memory that the process really has."),
    "attune_store_bytes": .init(help: "Files of the store: the database with journal and outbox, and checkpoints."),
    "attune_build_info": .init(help: "Always 1; the label says which build this is."),
    "attune_business_messages": .init(
      help: "What became of candidates and messages of a business or campaign; of all but the first 100 together."),
    "attune_decision_delay": .init(
      help: "From the match of a rule to an answer; for a deferred candidate, with the time it was put off.",
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600, 3600, 43_200]),
    "attune_decisions": .init(help: "Answers given on candidates."),
    "attune_messages_settled": .init(help: "How messages ended."),
    "attune_reservations": .init(help: "Answers to reservations of other teams, by the dimension that refused."),
    "attune_events": .init(help: "Events that arrived, by what became of them."),
    "attune_receipts": .init(help: "Receipts that arrived, by what became of them."),
    "attune_http_requests": .init(help: "Requests that were answered."),
    "attune_http_request_duration": .init(help: "How long a request took to be answered."),
  ]

  /// After each batch, on the driver's thread.
  func committed(_ effects: Effects) {
    for trace in effects.traces {
      decisions[trace.outcome]?.increment()
      if trace.outcome == .retracted { continue }
      decisionDelay.recordMilliseconds(max(0, (trace.at - trace.matched).milliseconds))
    }
    for (key, count) in effects.tally.counts {
      businesses.add(key, count)
      switch key.stage {
      case .reserved: reserved.increment(by: count)
      case .refused where key.source == .reservation: refused[key.detail]?.increment(by: count)
      // How another team's message ended is its own affair.
      case let stage where key.source != .reservation: messages[stage]?.increment(by: count)
      default: break
      }
    }
  }

  /// What only shows when it is looked at.
  func look(at folder: String) {
    if let bytes = ProcessUsage.residentBytes() { memory.set(bytes) }
    for (part, bytes) in StoreFiles.bytes(in: folder) { store[part]?.set(bytes) }
  }

  /// `label`: `attune_events` or `attune_receipts`.
  func arrived(_ label: String, status: String, _ count: Int) {
    Counter(label: label, dimensions: [("status", status)], factory: factory).increment(by: count)
  }
}
