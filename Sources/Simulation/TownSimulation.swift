public import AttuneModel
import ChannelLog
import Delivery
import Fatigue
import Materials
import Reach
import Runtime
public import Store
import Synchronization

/// A town from a seed, living on the real engine: driver, journal, outbox, sender and log channel in a folder.
///
/// Only the clock, the people and their network are made up.
public struct TownSimulation: Sendable {
  let settings: TownSettings
  let configuration: ConfigurationSource
  let promises: Promises
  let store: OpenedStore
  let chronicle: Chronicle
  /// Of its campaigns.
  private(set) var diaries: [String: CampaignDiary] = [:]
  /// The policy's.
  let zone: Zone
  private let clock: Clock
  private let driver: Driver
  private let sender: Sender
  var population: Population
  private var reactions: Reactions
  private var agenda: Agenda
  /// Who said that something is to stop, and when the engine heard of it.
  private(set) var optOuts: [InvariantChecker.OptOut] = []

  /// Where the town is; told once an hour of its time.
  public struct Progress: Hashable, Sendable {
    /// 1 ... `days`.
    public var day: Int
    public var days: Int
    public var at: Instant
    /// 0 ... 1.
    public var done: Double
    public var events: Int
    public var messages: Int
  }

  /// - Parameters:
  ///   - configuration: checked here; `Diagnostics` are thrown where it has errors.
  ///   - open: opens a new store, once the configuration is found to be sound. `sent.ndjson` is written beside it. A
  ///     demonstration may lose its last seconds to a power cut, so the store need not wait for the disk at every commit.
  public init(settings: TownSettings, configuration: ConfigurationSource, open: () throws -> OpenedStore) throws {
    var diagnostics = Diagnostics()
    for campaign in configuration.campaigns where campaign.namesCopies {
      diagnostics.error(
        campaign.mark, "it names copies of the library, and a new store has none",
        hint: "write their words: { id, title, body }")
    }
    guard let checked = CompiledConfiguration(configuration, at: settings.start, &diagnostics),
      diagnostics.errors.isEmpty
    else { throw diagnostics }
    self.settings = settings
    self.configuration = configuration
    promises = Promises(reading: configuration)
    zone = checked.fatigue.zone
    chronicle = Chronicle(campaigns: Array(promises.campaigns.keys))
    store = try open()
    guard store.journal.lastSequence == 0 else {
      throw StoreError(.duplicate, "\(store.folder) holds a store already (hint: choose another folder, or delete it)")
    }
    let clock = Clock(settings.start)
    let driver = Driver(
      ledger: try Ledger(recovering: store.journal), now: { clock.now }, zone: ZoneTables.zone(named:),
      committed: chronicle.note)
    sender = Sender(
      outbox: store.outbox, channels: [try LogChannel(path: Self.log(in: store.folder), trouble: chronicle.note)],
      now: { clock.now }
    ) { settlements in
      _ = try await driver.submit(settlements.map(Input.settlement))
    }
    self.clock = clock
    self.driver = driver
    population = Population(settings, zones: Resident.Zones(), topics: promises.topics)
    reactions = Reactions(seed: settings.seed, promises: promises)
    agenda = Agenda(settings)
  }

  static func log(in folder: String) -> String { folder + "/sent.ndjson" }

  /// Lives through all days, checks what came of it, and closes the store. To be called once; the log file is free for
  /// others when this value is gone.
  ///
  /// - Throws: what the store throws, and `DeliveryError` where the log cannot be written.
  public mutating func run(progress: @Sendable (Progress) -> Void = { _ in }) async throws -> TownReport {
    try await submit([.configuration(configuration)])
    try await submit(population.residents.map { .profile($0.profile) })
    for document in configuration.campaigns { agenda.add(.campaign(.launch(document)), at: settings.launch) }
    var (day, hour) = (0, Int64(0))
    for number in 0..<agenda.ticks {
      clock.now = agenda.instant(of: number)
      // Planned in the tick in which it begins.
      if clock.now > settings.start + .days(Int64(day)), day < settings.days {
        population.plan(day: day, into: &agenda)
        day += 1
      }
      try await live()
      let hours = (clock.now - settings.start).milliseconds / 3_600_000
      if hours > hour { tell(number, day: day, progress) }
      hour = hours
    }
    try await driver.stop()
    let (pending, records) = await look()
    let report = try report(pending: pending, records)
    try store.close()
    return report
  }

  /// One tick: what arrived goes in, what is due goes out, and people react.
  private mutating func live() async throws {
    let inputs = agenda.take()
    if inputs.isEmpty { try await driver.tick() } else { try await submit(inputs) }
    for name in promises.campaigns.keys.sorted() { await note(campaign: name) }
    guard chronicle.hasQueued else { return }
    try await sender.drain()
    try chronicle.check()
    for message in chronicle.takeAccepted() { reactions.react(to: message, at: clock.now, &population, &agenda) }
  }

  /// Writes down how a campaign stands, if it has sent something since.
  private mutating func note(campaign name: String) async {
    let noted = diaries[name]?.pages.last?.sent.reduce(0, +) ?? 0
    let report = await driver.read { engine in
      engine.campaigns[name].flatMap { $0.sent > noted ? engine.report(ofCampaign: name) : nil }
    }
    if let report { diaries[name, default: CampaignDiary()].note(report, at: clock.now) }
  }

  /// What the engine knows in the end.
  private func look() async -> (pending: Int, campaigns: [CampaignRecord]) {
    let documents = configuration.campaigns
    return await driver.read { engine in (engine.pending, documents.compactMap { CampaignRecord(engine, $0) }) }
  }

  private mutating func submit(_ inputs: [Input]) async throws {
    let acknowledgements = try await driver.submit(inputs)
    for (input, acknowledgement) in zip(inputs, acknowledgements) where acknowledgement == .accepted {
      switch input {
      case .receipt(let receipt):
        chronicle.note(receipt)
        if receipt.kind == .unsubscribed, let message = chronicle.message(receipt.message) {
          heard(message.user, promises.businesses[message.business]?.topic)
        }
      case .profile(let patch):
        for change in patch.changes where change.value == .bool(false) {
          heard(patch.user, change.name == "consent" ? nil : String(change.name.dropFirst("topics.".count)))
        }
      default: continue
      }
    }
  }

  private mutating func heard(_ user: String, _ topic: String?) {
    optOuts.append(InvariantChecker.OptOut(user: user, topic: topic, at: clock.now))
  }

  private func tell(_ number: Int, day: Int, _ progress: (Progress) -> Void) {
    progress(
      Progress(
        day: day, days: settings.days, at: clock.now, done: Double(number + 1) / Double(agenda.ticks),
        events: agenda.events, messages: chronicle.sent))
  }
}

/// The hour it is in the town.
private final class Clock: Sendable {
  private let instant: Mutex<Instant>

  init(_ start: Instant) { instant = Mutex(start) }

  var now: Instant {
    get { instant.withLock { $0 } }
    set { instant.withLock { $0 = newValue } }
  }
}
