/// Features that cannot be learned from.
public struct FeatureError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable { case notFinite, tooLarge, tooMany, list }

  public let code: Code
  /// The feature's name, or its place as `x[3]`.
  public let feature: String
  public let description: String

  static func notFinite(_ name: String) -> FeatureError {
    FeatureError(code: .notFinite, feature: name, description: "\(name) is not a finite number")
  }
  static func tooLarge(_ name: String, _ value: Double) -> FeatureError {
    FeatureError(
      code: .tooLarge, feature: name,
      description: "\(name) is \(value), beyond ±\(Context.largestValue): scale it to about -3...3")
  }
  static func tooMany(_ count: Int) -> FeatureError {
    FeatureError(
      code: .tooMany, feature: "x",
      description: "\(count) values: at most \(Context.mostDimensions - 1) are learned from")
  }
  static func list(_ name: String) -> FeatureError {
    FeatureError(code: .list, feature: name, description: "\(name) is a list of lists: give texts, numbers or booleans")
  }
}
