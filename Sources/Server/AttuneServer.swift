import Delivery
import Hummingbird
public import Logging
public import Model
import NIOCore
import Reach
import Runtime
public import ServiceLifecycle
import Storage

/// The engine on its journal, with an HTTP API in front and channels behind.
public struct AttuneServer: Sendable {
  /// For a `ServiceGroup`, in this order: it stops them from the last to the first, so that requests in flight are
  /// answered, then the sender finishes its batch, then what waits is written, and the store is closed.
  public let services: [any Service]

  let driver: Driver
  let store: SQLiteStore

  /// Opens the store, takes up where it was left, and publishes the configuration if it is another one.
  ///
  /// Throws `StoreError`, `CheckpointError`, `DeliveryError`, `ServerError`, or the configuration's `Diagnostics`.
  /// - Parameters:
  ///   - key: as `ServerSettings.apiKey` gives it; nil lets everybody in who can reach the address.
  ///   - folder: the store's.
  ///   - listening: called with the port once requests are answered.
  public init(
    settings: ServerSettings, key: APIKey?, store folder: String, configuration source: ConfigurationSource,
    logger: Logger, listening: @escaping @Sendable (Int) -> Void = { _ in },
    now: @escaping @Sendable () -> Instant = SystemClock.now
  ) throws {
    let store = try SQLiteStore.open(folder)
    let isNew = store.lastSequence == 0
    let instruments = Instruments()
    let health = Health(store: store, now: now)
    let journal = TimedJournal(journal: store, commits: instruments.commits, health: health)
    let ledger = try Self.ledger(on: store, journal, source, settings, logger, now())
    let channels = try settings.channels.map { channel in
      let path = channel.file.hasPrefix("/") ? channel.file : folder + "/" + channel.file
      let log = try LogChannel(path: path, name: channel.name) { error in
        logger.error("the channel \(channel.name) cannot write", metadata: ["why": "\(error)"])
      }
      // A new store names its messages from the start again: they would be taken for those that are there.
      if isNew, log.count > 0 {
        throw ServerError(
          .foreignLog, "\(path) holds messages of another store (hint: move it away, or choose another file)")
      }
      return log
    }
    let (bell, ringer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    var limits = Driver.Limits()
    limits.queue = settings.queueLimit
    let driver = Driver(ledger: ledger, limits: limits, now: now, zone: ZoneTables.zone(named:)) { effects in
      instruments.committed(effects)
      if !effects.messages.isEmpty { ringer.yield() }
    }
    let sender = Sender(outbox: store, channels: channels, now: now) { error in
      logger.error("the sender will try again", metadata: ["why": "\(error)"])
    } settle: { settlements in
      _ = try await driver.submit(settlements.map(Input.settlement))
    }
    let api = API(
      settings: settings, key: key, driver: driver, store: store, instruments: instruments, health: health, now: now)
    self.driver = driver
    self.store = store
    services = [
      DriverService(driver: driver, store: store, logger: logger),
      SenderService(sender: sender, bell: bell),
      ProjectionService(store: store, now: now, logger: logger),
      TickService(driver: driver, health: health, logger: logger),
      Self.application(api, settings.address, logger, listening),
    ]
  }

  private static func application(
    _ api: API, _ address: ListenAddress, _ logger: Logger, _ listening: @escaping @Sendable (Int) -> Void
  ) -> some Service {
    Application(
      router: api.router(),
      // A client that stops in the middle of a request does not hold up the end for longer.
      server: .http1(configuration: .init(idleTimeout: .seconds(8))),
      configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port)),
      onServerRunning: { channel in listening(channel.localAddress?.port ?? address.port) }, logger: logger)
  }

  /// The engine as it was left, with the configuration in force.
  private static func ledger(
    on store: SQLiteStore, _ journal: TimedJournal, _ source: ConfigurationSource, _ settings: ServerSettings,
    _ logger: Logger, _ now: Instant
  ) throws -> Ledger {
    if try store.meta(StoreMeta.replay) != nil {
      throw ServerError(
        .replayStore, "the store in \(store.folder) belongs to a replay (hint: choose another folder)")
    }
    var ledger = try Ledger(recovering: journal)
    let checked = try CheckedConfiguration(
      source, replacing: ledger.engine.configuration, at: now, running: settings)
    if ledger.engine.source != source {
      if ledger.engine.source != nil {
        logger.notice("the folder's configuration replaces the one that was in force when this store was last used")
      }
      try ledger.commit(Batch(pace: .live, clock: now, inputs: [.configuration(source)]))
    }
    try store.setMeta(StoreMeta.zone, checked.zone)
    return ledger
  }
}
