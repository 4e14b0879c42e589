/// Why a server does not start, in words for the person who runs it.
public struct ServerError: Error, Equatable, CustomStringConvertible {
  public var code: Code
  public var description: String

  public enum Code: Sendable, Equatable {
    /// Others can reach the address, and no key keeps them out.
    case missingKey
    /// Off loopback, a key that can be guessed.
    case weakKey
    /// The file with the key cannot be read, or is empty.
    case unreadableKey
    /// The store belongs to a replay.
    case replayStore
    /// The store was made by a server of the other kind.
    case otherPurpose
    /// The engine wants something else than the folder was checked for.
    case refusedConfiguration
  }

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
