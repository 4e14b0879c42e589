public import AttuneModel

/// One way to reach people: APNs, FCM, Web Push, a webhook, a file.
///
/// A channel keeps its own deadlines: `deliver` returns within them, with `unknown` for whatever was not answered.
/// Ids are stable across tries; where the provider has an idempotency key, they are it.
public protocol Channel: Sendable {
  /// What messages name it by.
  var name: String { get }

  /// One result a dispatch, in their order.
  func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult]

  /// What became of messages that were claimed before a crash: one answer each, in order. `accepted` and `failed` as
  /// known; `retry` where it certainly was not sent; nil where the channel cannot know.
  func recall(_ messages: [Message]) async -> [DeliveryResult?]
}

extension Channel {
  /// Most providers cannot be asked.
  public func recall(_ messages: [Message]) async -> [DeliveryResult?] {
    [DeliveryResult?](repeating: nil, count: messages.count)
  }
}

/// A message, and where to. One user may have several devices.
public struct Dispatch: Hashable, Sendable {
  public var message: Message
  /// Empty for a channel without devices.
  public var devices: [Device]

  public init(message: Message, devices: [Device] = []) {
    self.message = message
    self.devices = devices
  }
}

public struct Device: Hashable, Sendable {
  /// What the provider knows it by: a token, or the URL of a subscription.
  public var token: String
  /// The app and kind of device, as the channel divides them: `ios`, `android`, `web`.
  public var platform: String
  /// When the token was last confirmed. A provider's older complaint about it does not count.
  public var registered: Instant

  public init(token: String, platform: String, registered: Instant) {
    self.token = token
    self.platform = platform
    self.registered = registered
  }
}

/// Which devices a user has, and which of their tokens are still good.
public protocol DeviceDirectory: Sendable {
  /// One list a message, in their order: the devices its channel can reach its user on.
  func devices(of messages: [Message]) async throws -> [[Device]]

  /// What a provider said of a token. Never called with `keep`.
  func retire(_ device: Device, of user: String, as disposition: TokenDisposition) async throws
}
