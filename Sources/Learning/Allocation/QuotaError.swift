/// Quotas that nobody could keep, and which one it is.
public struct QuotaError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// A list has not one entry for each copy, or a copy names a channel that is not there.
    case shape
    /// A number is negative or beyond what is counted.
    case range
    /// Two quotas contradict each other, or the audience.
    case impossible
  }

  public var code: Code
  public var message: String
  public var hint: String?

  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { message + (hint.map { " (hint: \($0))" } ?? "") }
}
