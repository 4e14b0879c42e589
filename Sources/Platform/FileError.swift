import Foundation

/// Why a file cannot be used.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: Sendable, Equatable {
    /// The operating system refused; the description holds what it said.
    case io
    /// Another process has it.
    case locked
  }

  public var code: Code
  /// `cannot sync /var/attune/log.ndjson: No space left on device`
  public var description: String
  /// The id of the process that has it, where it noted one in the file.
  public var owner: String?

  public init(_ code: Code, _ description: String, owner: String? = nil) {
    self.code = code
    self.description = description
    self.owner = owner
  }

  /// What just failed, by the operating system's `errno`.
  init(cannot verb: String, _ path: String, reason: Int32) {
    self.init(.io, "cannot \(verb) \(path): \(String(cString: strerror(reason)))")
  }
}
