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
    logger: Logger, listening: @escaping @Sendable (Int) -> Void = { _ in },
    now: @escaping @Sendable () -> Instant = SystemClock.now
  ) throws {
    var ground = try Ground(store, for: .everything, now: now)
    try ground.publish(source, settings, logger, at: now())
    let channels = try settings.channels.map { channel in
      try channel.settings.open(
        ChannelOpening(folder: ground.store.folder, isNewStore: ground.isNew) { error in
          logger.error("the channel \(channel.settings.name) is in trouble", metadata: ["why": "\(error)"])
        })
    }
    let (bell, ringer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let driver = ground.driver(settings, now: now) { effects in
      if !effects.messages.isEmpty || !effects.withdrawn.isEmpty { ringer.yield() }
    }
    let sender = Sender(outbox: ground.store.outbox, channels: channels, now: now) { error in
      logger.error("the sender will try again", metadata: ["why": "\(error)"])
    } settle: { settlements in
      _ = try await driver.submit(settlements.map(Input.settlement))
    }
    let api = API(purpose: .everything, settings: settings, key: key, driver: driver, ground: ground, now: now)
    self.init(
      api,
      beside: [
        SenderService(sender: sender, bell: bell), ProjectionService(store: ground.store, now: now, logger: logger),
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
    listening: @escaping @Sendable (Int) -> Void = { _ in }, now: @escaping @Sendable () -> Instant = SystemClock.now
  ) throws {
    var ground = try Ground(store, for: .fatigue, now: now)
    try ground.publish(policies, logger, at: now())
    let driver = ground.driver(settings, now: now) { _ in }
    let api = API(purpose: .fatigue, settings: settings, key: key, driver: driver, ground: ground, now: now)
    self.init(api, beside: [], logger, listening)
  }

  private init(
    _ api: API, beside others: [any Service], _ logger: Logger, _ listening: @escaping @Sendable (Int) -> Void
  ) {
    driver = api.driver
    store = api.store
    services =
      [DriverService(driver: driver, store: store, logger: logger)] + others + [
        TickService(driver: driver, health: api.health, logger: logger),
        Self.application(api, api.settings.address, logger, listening),
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
}
