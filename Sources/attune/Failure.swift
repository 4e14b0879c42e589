import AttuneModel
import Codec
import Delivery
import Foundation
import Materials
import NIOCore
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

  /// Something could not be written.
  static func output(_ what: String, _ error: any Error) -> Failure {
    let full = (error as? CocoaError)?.code == .fileWriteOutOfSpace
    return Failure(message: "\(what): \(full ? "the disk is full" : error.localizedDescription)", code: 74)
  }

  init(message: String, code: Int32) {
    self.message = message
    self.code = code
  }

  /// Nil for errors that the argument parser itself explains.
  init?(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as Diagnostics: self = .data("\(error)\n\(error.errors.count) error(s)")
    case let error as FileReadError: self = .data("\(error)")
    case let error as CandidateFileError: self = .data("\(error)")
    case let error as DecisionFileError: self = .data("\(error)")
    case let error as DataTableError: self = .data("\(error)")
    case let error as EvaluationInputError: self = .data("\(error)")
    case let error as StreamFileError: self = .data("\(error)")
    case let error as ReplayError: self = .data("\(error)")
    case let error as CheckpointError: self = .data("\(error)")
    case let error as UnknownCopy: self = .data("\(error)")
    case let error as BinaryError: self = .data("the store is damaged: \(error)")
    case let error as StoreError: self = .unavailable("\(error)")
    case let error as IOError where error.errnoCode == EADDRINUSE:
      self = .unavailable("the address is in use by another program (hint: choose another with --address)")
    case let error as ServerError: self = .unavailable("\(error)")
    case let error as DeliveryError: self = .unavailable("\(error)")
    default: return nil
    }
  }
}
