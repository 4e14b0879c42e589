public import AttuneModel

/// One link of a business's chain: asked about a candidate, it lets it pass, refuses it, or puts it off.
///
/// A new filter is one file that conforms, and one line in `FilterRegistry`.
public protocol Filter: Sendable {
  /// The name it goes by in `filters:`, in traces and in funnels.
  static var name: String { get }

  /// Reads `name` (nil) or `{ name: options }`; tells what is wrong and returns nil if it cannot.
  static func read(_ options: Node?, _ context: FilterReading, _ diagnostics: inout Diagnostics) -> (any Filter)?

  func answer(_ question: FilterQuestion) -> FilterAnswer
}

extension Filter {
  var name: String { Self.name }
}

public enum FilterAnswer: Hashable, Sendable {
  case pass(details: [Property] = [])
  /// `next`: when it would pass if nothing else changed; nil if that cannot be said.
  case refuse(reason: String, next: Instant? = nil)
  /// Asked again from the start of the chain at `until`.
  case `defer`(reason: String, until: Instant)
}

/// What a filter may look at.
public struct FilterQuestion: Sendable {
  public var user: String
  public var business: String
  public var profile: [Property]
  /// The user's zone, or the policy's.
  public var zone: Zone
  /// The instant of the decision.
  public var at: Instant
  /// When the rule matched.
  public var matched: Instant
}

/// What stands around a filter while it is read.
public struct FilterReading: Sendable {
  public var business: String
  public var mark: Mark
  public var topic: String?
  public var zone: Zone
  /// The folder-wide `quietHours`, if there are any.
  public var quietHours: QuietHours?
}
