public import AttuneModel
public import Lanes

/// One way to reach people: APNs, FCM, Web Push, a webhook, a file.
///
/// Ids are stable across tries; where the provider has an idempotency key, they are it. A channel keeps its own
/// deadlines, with `unknown` for whatever was not answered. Should it never return, its lane gives those messages up
/// after `LaneSettings.deadline`, and no other lane waits for it.
///
/// ```swift
/// struct Pager: Channel {
///   let name = "pager"
///   func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
///     dispatches.map { DeliveryResult(page($0.message.body) ? .accepted(providerID: nil) : .retry(after: nil)) }
///   }
/// }
/// ```
public protocol Channel: Sendable {
  /// What messages name it by.
  var name: String { get }

  /// What the lane of a class may ask of it.
  ///
  /// - Parameter defaults: as the sender is set up.
  func settings(of class: Message.Class, from defaults: LaneSettings) -> LaneSettings

  /// One result a dispatch, in their order.
  func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult]

  /// What became of messages that were claimed before a crash: one answer each, in order. `accepted` and `failed` as
  /// known; `retry` where it certainly was not sent; nil where the channel cannot know.
  func recall(_ messages: [Message]) async -> [DeliveryResult?]
}

extension Channel {
  /// Most can bear what the defaults say.
  public func settings(of class: Message.Class, from defaults: LaneSettings) -> LaneSettings { defaults }

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

/// Which devices a user has, and which of their tokens are still good.
public protocol DeviceDirectory: Sendable {
  /// One list a message, in their order: the devices its channel can reach its user on.
  func devices(of messages: [Message]) async throws -> [[Device]]

  /// What a provider said of a device. Never called with `keep`.
  func retire(_ device: Device, of user: String, as disposition: DeviceDisposition) async throws
}
