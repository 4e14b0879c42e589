import AttuneModel
import Reach
import Synchronization

/// What the engine told while the town lived, gathered for the one who runs it and for the stories afterwards.
final class Chronicle: Sendable {
  /// What became of one user.
  struct Life: Sendable {
    var sent = 0
    var opened = 0
    var converted = 0
    var refusals: Set<String> = []
    /// Since when candidates are put off ...
    var waiting: [Trace.ID: Instant] = [:]
    /// ... and how many were sent after half a night or more.
    var patient = 0
    /// Answers given on candidates.
    var traces = 0
    var receipts: [Receipt] = []
  }

  /// What a campaign decided about somebody it had the choice to send to.
  struct Verdict: Sendable {
    var user: String
    /// Nil where nothing was sent: no copy was worth it, or quotas were used up.
    var message: Message?
  }

  fileprivate struct State: Sendable {
    /// By campaign, in the order of the decisions.
    var verdicts: [String: [Verdict]]
    var lives: [String: Life] = [:]
    var messages: [CandidateID: Message] = [:]
    /// The places of messages among all that were queued.
    var places: [CandidateID: Int] = [:]
    var accepted: [CandidateID] = []
    var queued = 0
    var sent = 0
    var withdrawn = 0
    var trouble: (any Error)?
  }

  private let state: Mutex<State>

  init(campaigns: [String]) {
    state = Mutex(State(verdicts: Dictionary(uniqueKeysWithValues: Set(campaigns).map { ($0, []) })))
  }

  /// Told by the driver, of every durable batch.
  func note(_ effects: Effects) {
    state.withLock { state in
      state.queued += effects.messages.count
      state.sent += effects.messages.count
      for message in effects.messages {
        state.messages[message.id] = message
        state.places[message.id] = state.places.count
      }
      for trace in effects.traces {
        state.lives[trace.user, default: Life()].note(trace)
        state.note(trace)
      }
      for settlement in effects.settled {
        state.queued -= 1
        if settlement.outcome == .withdrawn { state.withdrawn += 1 }
        if settlement.outcome == .accepted { state.accepted.append(settlement.message) }
      }
    }
  }

  /// A receipt that counted.
  func note(_ receipt: Receipt) {
    state.withLock { state in
      guard let message = state.messages[receipt.message] else { return }
      state.lives[message.user, default: Life()].note(receipt)
    }
  }

  /// Told by the log channel when it could not write. Its messages come again, but later than the seed says.
  func note(_ trouble: any Error) { state.withLock { $0.trouble = $0.trouble ?? trouble } }

  /// - Throws: the first error of the log channel, if there was one: this town is not the one of its seed.
  func check() throws { if let trouble = state.withLock({ $0.trouble }) { throw trouble } }

  /// Whether something waits in the outbox.
  var hasQueued: Bool { state.withLock { $0.queued > 0 } }
  /// Of the sent, those taken back before they left.
  var withdrawn: Int { state.withLock { $0.withdrawn } }
  var sent: Int { state.withLock { $0.sent } }

  /// Messages that their channel took since the last time, in the order they were decided in: lanes have another one,
  /// and what people do must not depend on it.
  func takeAccepted() -> [Message] {
    state.withLock { state in
      defer { state.accepted = [] }
      return state.accepted.compactMap { id in state.messages[id].map { (message: $0, place: state.places[id] ?? 0) } }
        .sorted { ($0.message.at, $0.place) < ($1.message.at, $1.place) }.map(\.message)
    }
  }

  func message(_ id: CandidateID) -> Message? { state.withLock { $0.messages[id] } }

  func verdicts(of campaign: String) -> [Verdict] { state.withLock { $0.verdicts[campaign] ?? [] } }

  /// In the order of the users.
  var lives: [(user: String, life: Life)] {
    state.withLock { $0.lives }.sorted { $0.key < $1.key }.map { (user: $0.key, life: $0.value) }
  }
}

extension Chronicle.State {
  fileprivate mutating func note(_ trace: Trace) {
    guard verdicts[trace.business] != nil else { return }
    let hadChoice =
      trace.outcome == .sent || trace.outcome == .refused && (trace.obstacle == .choice || trace.obstacle == .quota)
    guard hadChoice, case .candidate(let id) = trace.id else { return }
    verdicts[trace.business]?.append(
      Chronicle.Verdict(user: trace.user, message: trace.outcome == .sent ? messages[id] : nil))
  }
}

extension Chronicle.Life {
  fileprivate mutating func note(_ trace: Trace) {
    traces += 1
    switch trace.outcome {
    case .sent:
      sent += 1
      if let since = waiting[trace.id], trace.at - since >= .hours(6) { patient += 1 }
    case .refused: refusals.insert([trace.filter ?? "", trace.reason ?? ""].joined(separator: " "))
    case .deferred: waiting[trace.id] = waiting[trace.id] ?? trace.at
    case .reserved, .retracted: break
    }
  }

  fileprivate mutating func note(_ receipt: Receipt) {
    receipts.append(receipt)
    switch receipt.kind {
    case .opened: opened += 1
    case .converted: converted += 1
    case .delivered, .dismissed, .unsubscribed: break
    }
  }
}
