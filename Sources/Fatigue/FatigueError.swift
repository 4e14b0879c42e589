/// A call that has no answer.
public struct FatigueError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// The policy has no business of that name. What was counted for it earlier stays until it is forgotten.
    case unknownBusiness
    /// No table is known for the zone that was named.
    case unknownZone
  }

  public var code: Code
  public var description: String

  public static func unknownZone(_ name: String) -> FatigueError {
    FatigueError(code: .unknownZone, description: "there is no time zone '\(name)'")
  }

  public static func unknownBusiness(_ name: String) -> FatigueError {
    FatigueError(code: .unknownBusiness, description: "the fatigue policy has no business '\(name)'")
  }
}
