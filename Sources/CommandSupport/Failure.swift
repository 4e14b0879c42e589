import AttuneModel
import Foundation

/// What a command could not do, in words for the person who typed it, and its exit code (sysexits.h).
public struct Failure: Error {
  public var message: String
  public var code: Int32

  public init(message: String, code: Int32) {
    self.message = message
    self.code = code
  }

  /// What was given is wrong: a configuration, a file, a name.
  public static func data(_ message: String) -> Failure { Failure(message: message, code: 65) }

  /// A server, a store or another program cannot be had right now.
  public static func unavailable(_ message: String) -> Failure { Failure(message: message, code: 69) }

  /// Something could not be written.
  public static func output(_ what: String, _ error: any Error) -> Failure {
    let full = (error as? CocoaError)?.code == .fileWriteOutOfSpace
    return Failure(message: "\(what): \(full ? "the disk is full" : error.localizedDescription)", code: 74)
  }

  /// Errors that every program explains alike; nil for all others.
  public init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as Diagnostics:
      self = .data("\(error)\n\(error.errors.count) error" + (error.errors.count == 1 ? "" : "s"))
    default: return nil
    }
  }
}
