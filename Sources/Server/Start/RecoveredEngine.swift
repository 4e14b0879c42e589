import AttuneModel
import Fatigue
import Logging
import Reach
import Runtime
import Store

/// What a server stands on: a store that is its own, and the engine on its journal, as it was left.
struct RecoveredEngine {
  /// Nothing was ever written to it.
  let isNew: Bool
  let store: OpenedStore
  let instruments = Instruments()
  let clock: ServerClock
  let health: Health
  var ledger: Ledger

  /// Throws `ServerError` when the store was made for another purpose.
  init(_ store: OpenedStore, for purpose: StorePurpose, clock: ServerClock) throws {
    self.store = store
    isNew = store.journal.lastSequence == 0
    try purpose.claim(store, isNew: isNew)
    self.clock = clock
    health = Health(store: store, clock: clock)
    do {
      ledger = try Ledger(
        recovering: TimedJournal(journal: store.journal, commits: instruments.commits, health: health))
    } catch let error as StoreError where error.code == .damaged && !error.message.contains(store.folder) {
      throw StoreError(.damaged, "the store in \(store.folder) is damaged: \(error)")
    }
    health.committed(at: ledger.engine.clock)
  }
}

extension RecoveredEngine {
  /// What the store found that is not as it was left.
  func tellFindings(_ logger: Logger) {
    for finding in store.findings { logger.warning("\(finding)") }
  }

  /// The last instant of which the store knows everything, or is said to.
  var knownThrough: Instant {
    get throws {
      let accepted = try store.notes.note(OpenedStore.knownThrough).flatMap { Int64($0) }
      return max(ledger.engine.clock, accepted.map(Instant.init(milliseconds:)) ?? .distantPast)
    }
  }

  /// Puts a folder's configuration in force, if it is not the one that is.
  mutating func publish(
    _ source: ConfigurationSource, _ settings: ServerSettings, _ logger: Logger, at now: Instant
  ) throws {
    let ours = CheckedConfiguration.settings(of: source, running: settings)
    let checked = try CheckedConfiguration(ours, ledger.engine.check(source))
    if ledger.engine.source != source {
      if ledger.engine.source != nil {
        logger.notice("the folder's configuration replaces the one that was in force when this store was last used")
      }
      let effects = try ledger.commit(Batch(pace: .live, clock: now, inputs: [.configuration(source)]))
      guard effects.acknowledgements == [.accepted] else {
        throw ServerError(.refusedConfiguration, "the folder's configuration was checked, and the engine refused it")
      }
    }
    try store.notes.setNote(StoreMeta.zone, to: checked.zone)
    guard source.namesCopies else { return }
    for warning in ledger.engine.withLaunched(source).copyWarnings(try store.library(at: now)).warnings {
      logger.warning("\(warning)")
    }
  }

  /// Puts a file's policies in force, if the store has none, or the file is another one than was published last.
  mutating func publish(_ file: CheckedPolicies?, _ logger: Logger, at now: Instant) throws {
    let isFirst = ledger.engine.source == nil
    guard let file else {
      return logger.notice("\(isFirst ? "no policies" : "the policies published last") are in force")
    }
    if !isFirst, try store.notes.note(StoreMeta.policiesFile) == file.fingerprint {
      return logger.notice("the policies published last are in force: the file has not changed since it was published")
    }
    try ledger.commit(Batch(pace: .live, clock: now, inputs: [.configuration(file.source)]))
    // After it: a file that could not be noted is published again, to the same effect.
    try store.notes.setNote(StoreMeta.policiesFile, to: file.fingerprint)
    try store.notes.setNote(StoreMeta.zone, to: file.policy.zone.name)
    logger.notice("the file's policies are in force", metadata: ["businesses": "\(file.policy.businesses.count)"])
  }

  /// - Parameter committed: told of every batch after it is durable; must be quick.
  func driver(
    _ settings: ServerSettings,
    committed: @escaping @Sendable (Effects) -> Void
  ) -> Driver {
    var limits = Driver.Limits()
    limits.queue = settings.queueLimit
    return Driver(ledger: ledger, limits: limits, now: clock.now, zone: ZoneTables.zone(named:)) {
      [instruments] effects in
      instruments.committed(effects)
      committed(effects)
    }
  }
}
