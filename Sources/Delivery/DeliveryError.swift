/// Why a channel cannot be opened.
public struct DeliveryError: Error, Equatable, CustomStringConvertible {
  public var code: Code
  public var description: String

  public enum Code: Sendable, Equatable {
    /// What it needs cannot be opened, read or written.
    case io
    /// Another process writes to it.
    case locked
    /// The file holds something that was not written by the channel.
    case foreign
  }

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
