public import AttuneModel
import Codec

/// What the door lets in at most. Texts are measured in bytes of UTF-8.
public struct Limits: Hashable, Sendable {
  /// One item as it was sent, with its white space.
  public var itemBytes = 32 * 1024
  /// Items in one body; what lies beyond is not read.
  public var items = 10_000
  public var idBytes = 100
  public var userBytes = String.userIDBytes
  /// The name of an event.
  public var eventBytes = 100
  /// The name of a business, and of a zone.
  public var nameBytes = 100
  /// The name of a property, dots included.
  public var propertyNameBytes = 200
  public var textBytes = 8 * 1024
  public var properties = 128
  public var listItems = 256
  /// Levels of objects in an item; 1 allows no nesting.
  public var depth = 8
  /// How far a sender's clock may run ahead of ours.
  public var skew = TimeSpan.minutes(10)
  /// Whether instants outside the years 2000 to 2100 pass too: in a test or an experiment they are no mistake.
  public var anyInstant = false

  public init() {}

  public static let `default` = Limits()

  /// Of lines in a file of the operator's own: as long as such a file lets them be.
  static let fileLines: Limits = {
    var limits = Limits()
    limits.itemBytes = LineFile.lineLimit
    return limits
  }()

  /// Of candidates that are asked about one by one: somebody waits for the answer.
  public static let reservations: Limits = {
    var limits = Limits()
    limits.items = 1000
    limits.skew = .minutes(1)
    return limits
  }()
}
