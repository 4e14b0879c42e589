/// Files of a configuration that are there but could not be read.
public struct UnreadFiles: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let settings = UnreadFiles(rawValue: 1)
  public static let rules = UnreadFiles(rawValue: 2)
  public static let businesses = UnreadFiles(rawValue: 4)
  public static let campaigns = UnreadFiles(rawValue: 8)
}
