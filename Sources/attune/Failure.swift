import Behaviour
import Delivery
import Model
import Reach
import Runtime
import Server
import Simulation
import Storage

/// What a command could not do, in words for the person who typed it, and its exit code (sysexits.h).
struct Failure: Error {
  var message: String
  var code: Int32

  /// What was given is wrong: a configuration, a file, a name.
  static func data(_ message: String) -> Failure { Failure(message: message, code: 65) }
  /// A server or store cannot be had right now.
  static func unavailable(_ message: String) -> Failure { Failure(message: message, code: 69) }

  init(message: String, code: Int32) {
    self.message = message
    self.code = code
  }

  /// Nil for errors that the argument parser itself explains.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as Diagnostics: self = .data("\(error)\n\(error.errors.count) error(s)")
    case let error as EventFileError: self = .data("\(error)")
    case let error as ReplayError: self = .data("\(error)")
    case let error as CheckpointError: self = .data("\(error)")
    case let error as BinaryError: self = .data("the store is damaged: \(error)")
    case let error as StoreError: self = .unavailable("\(error)")
    case let error as ServerError: self = .unavailable("\(error)")
    case let error as DeliveryError: self = .unavailable("\(error)")
    default: return nil
    }
  }
}
