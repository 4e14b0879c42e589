import AttuneModel
import Codec
import CommandSupport
import Delivery
import Foundation
import Materials
import NIOCore
import Reach
import Runtime
import Server
import Simulation
import Store

extension Attune {
  /// What an error of a module means to the person who typed the command; nil for those that the argument parser
  /// explains.
  static func explain(_ error: any Error) -> Failure? {
    switch error {
    case let error as FileReadError: .data("\(error)")
    case let error as CandidateFileError: .data("\(error)")
    case let error as DecisionFileError: .data("\(error)")
    case let error as DataTableError: .data("\(error)")
    case let error as EvaluationInputError: .data("\(error)")
    case let error as StreamFileError: .data("\(error)")
    case let error as ReplayError: .data("\(error)")
    case let error as CheckpointError: .data("\(error)")
    case let error as UnknownCopy: .data("\(error)")
    case let error as StoreError where [.damaged, .otherVersion, .trimmed, .lost].contains(error.code):
      .data("\(error)")
    case let error as StoreError: .unavailable("\(error)")
    case let error as IOError where error.errnoCode == EADDRINUSE:
      .unavailable("the address is in use by another program (hint: choose another with --address)")
    case let error as ServerError: .unavailable("\(error)")
    case let error as DeliveryError: .unavailable("\(error)")
    default: Failure(error)
    }
  }
}
