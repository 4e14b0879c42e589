/// Why bytes are not the rules that an app may run.
public struct DeviceFormError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: Sendable, Hashable {
    /// Something else altogether.
    case foreign
    /// Of a format that came after this library.
    case newer
    /// Cut off or changed on the way.
    case damaged
    /// Whole, and of this format, and still not rules that this library knows.
    case unreadable
  }

  public var code: Code
  public var message: String
  public var hint: String?

  init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { message + (hint.map { " (hint: \($0))" } ?? "") }
}
