public import AttuneModel

/// What `attune.yaml` says of one channel, read and checked by the channel itself.
///
/// A new kind of channel is a target with a type that conforms to `Channel` and one that conforms to this, and a line in
/// `ChannelRegistry`.
public protocol ChannelSettings: Hashable, Sendable, CustomStringConvertible {
  /// What stands under `type`.
  static var type: String { get }

  /// Takes what the kind knows from `fields`, all but `type`; tells what is wrong and gives nil if it cannot be used.
  static func read(_ fields: inout Fields, _ context: ChannelReading, _ diagnostics: inout Diagnostics) -> Self?

  var name: String { get }

  /// - Throws: a `DeliveryError` that says what to do.
  func open(_ context: ChannelOpening) throws -> any Channel
}

extension ChannelSettings {
  fileprivate func isSame(as other: any ChannelSettings) -> Bool { other as? Self == self }
}

/// Settings of any kind.
public struct ConfiguredChannel: Hashable, Sendable {
  public let settings: any ChannelSettings

  public init(_ settings: any ChannelSettings) { self.settings = settings }

  public static func == (a: Self, b: Self) -> Bool { a.settings.isSame(as: b.settings) }
  public func hash(into hasher: inout Hasher) { hasher.combine(settings.name) }
}

/// What stands around a channel while its settings are read.
public struct ChannelReading: Sendable {
  public var name: String
  /// Where its name stands.
  public var mark: Mark
  /// The channels written before it.
  public var others: [any ChannelSettings]

  public init(name: String, mark: Mark, others: [any ChannelSettings]) {
    self.name = name
    self.mark = mark
    self.others = others
  }
}

/// What a channel may use when it is opened.
public struct ChannelOpening: Sendable {
  /// The store's folder: what names of files are relative to.
  public var folder: String
  /// Nothing was ever sent from this store: its messages' ids start anew.
  public var isNewStore: Bool
  /// The store knows everything that was decided until then: what a channel holds of later is of a newer store.
  public var knownThrough: Instant
  /// Told what goes wrong later.
  public var trouble: @Sendable (any Error) -> Void

  public init(
    folder: String, isNewStore: Bool, knownThrough: Instant = .distantFuture,
    trouble: @escaping @Sendable (any Error) -> Void
  ) {
    self.folder = folder
    self.isNewStore = isNewStore
    self.knownThrough = knownThrough
    self.trouble = trouble
  }
}
