public import AttuneModel
import Delivery
import Hummingbird
public import Logging
import NIOCore
import Reach
import Runtime
public import ServiceLifecycle
public import Store

/// The engine on its journal, with an HTTP API in front and channels behind.
public struct AttuneServer: Sendable {
  /// For a `ServiceGroup`, in this order: it stops them from the last to the first, so that requests in flight are
  /// answered, then the sender finishes its batch, then what waits is written, and the store is closed.
  public let services: [any Service]

  let driver: Driver
  let store: OpenedStore

  /// Takes up the store where it was left, and publishes the configuration if it is another one.
  ///
  /// Throws `StoreError`, `CheckpointError`, `DeliveryError`, `ServerError`, or the configuration's `Diagnostics`.
  /// - Parameters:
  ///   - key: as `ServerSettings.apiKey` gives it; nil lets everybody in who can reach the address.
  ///   - store: closed when the last service stops.
  ///   - listening: called with the port once requests are answered.
  public init(
    settings: ServerSettings, key: APIKey?, store: OpenedStore, configuration source: ConfigurationSource,
    logger: Logger, listening: @escaping @Sendable (Int) -> Void = { _ in }, clock: ServerClock = ServerClock()
  ) throws {
    // All that may refuse the start comes before anything is written: the store is left as it was.
    try settings.address.checkIsFree()
    var engine = try RecoveredEngine(store, for: .everything, clock: clock)
    engine.tellFindings(logger)
    let knownThrough = try engine.knownThrough
    let channels = try settings.channels.map { channel in
      try channel.settings.open(
        ChannelOpening(folder: engine.store.folder, isNewStore: engine.isNew, knownThrough: knownThrough) { error in
          logger.error("the channel \(channel.settings.name) is in trouble", metadata: ["why": "\(error)"])
        })
    }
    try engine.publish(source, settings, logger, at: clock.now())
    let (bell, ringer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let driver = engine.driver(settings) { effects in
      if !effects.messages.isEmpty || !effects.withdrawn.isEmpty { ringer.yield() }
    }
    let health = engine.health
    let sender = Sender(outbox: engine.store.outbox, channels: channels, now: clock.now) { error in
      health.met(error)
      logger.error("the sender will try again", metadata: ["why": "\(error)"])
    } settle: { settlements in
      _ = try await driver.submit(settlements.map(Input.settlement))
    }
    let handlers = try Handlers(purpose: .everything, settings: settings, key: key, driver: driver, engine: engine)
    self.init(
      handlers, on: engine, driver, settings,
      beside: [
        SenderService(sender: sender, bell: bell),
        ProjectionService(store: engine.store, now: clock.now, logger: logger),
      ], logger, listening)
  }

  /// Fatigue alone: for the senders of others, without rules, messages or channels.
  ///
  /// The file's policies are put in force in a store without policies, and where the file has changed since it was last
  /// published; else what was published over HTTP stays in force.
  /// - Parameter policies: nil for a server that gets them over HTTP.
  public init(
    onlyFatigue settings: ServerSettings, key: APIKey?, store: OpenedStore, policies: CheckedPolicies?,
    logger: Logger,
    listening: @escaping @Sendable (Int) -> Void = { _ in }, clock: ServerClock = ServerClock()
  ) throws {
    try settings.address.checkIsFree()
    var engine = try RecoveredEngine(store, for: .fatigue, clock: clock)
    engine.tellFindings(logger)
    try engine.publish(policies, logger, at: clock.now())
    let driver = engine.driver(settings) { _ in }
    let handlers = try Handlers(purpose: .fatigue, settings: settings, key: key, driver: driver, engine: engine)
    self.init(handlers, on: engine, driver, settings, beside: [], logger, listening)
  }

  private init(
    _ handlers: Handlers, on engine: RecoveredEngine, _ driver: Driver, _ settings: ServerSettings,
    beside others: [any Service], _ logger: Logger, _ listening: @escaping @Sendable (Int) -> Void
  ) {
    self.driver = driver
    store = engine.store
    services =
      [DriverService(driver: driver, store: engine.store, logger: logger)] + others + [
        TickService(driver: driver, health: engine.health, logger: logger),
        Self.application(handlers, settings, logger, listening),
      ]
  }

  private static func application(
    _ handlers: Handlers, _ settings: ServerSettings, _ logger: Logger,
    _ listening: @escaping @Sendable (Int) -> Void
  ) -> some Service {
    let address = settings.address
    return Application(
      router: handlers.router(),
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [
            RequestPatience(body: .milliseconds(settings.bodyTime.milliseconds)), ExpectationHandler(),
          ],
          idleTimeout: .milliseconds(settings.idle.milliseconds))),
      configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port)),
      onServerRunning: { channel in listening(channel.localAddress?.port ?? address.port) }, logger: logger)
  }
}
