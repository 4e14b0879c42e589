import API
import AttuneModel
import Codec
import HTTPTypes
import Hummingbird
import Materials
import NIOCore
import Runtime
import Store

extension Problem {
  static let noSuchRoute = "no-such-route"

  /// What a client is told of any error. Nil for one that is ours: the log tells more.
  init?(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let refusal as Refusal: self.init(refusal)
    case let diagnostics as Diagnostics: self.init(diagnostics)
    case let error as UnknownCopy:
      self.init(
        .notFound, "unknown-copy", "there is no copy '\(error.id)' in the library",
        hint: error.nearest.map { "did you mean '\($0)'?" })
    case DriverError.overloaded:
      self.init(.tooManyRequests, "overloaded", "too much is waiting to be written", hint: "send it again later")
      headers[.retryAfter] = "1"
    case DriverError.stopped:
      self.init(.serviceUnavailable, "stopping", "the server is stopping; nothing of this request was taken in")
      headers[.retryAfter] = "5"
    case let error as StoreError where error.code == .diskFull:
      self.init(.serviceUnavailable, "disk-full", "the disk is full; nothing of this request was taken in")
      headers[.retryAfter] = "30"
    case let error as StoreError where error.code == .tooMany:
      self.init(.conflict, "library-full", "the library takes at most \(CopyLibrary.limit) copies")
    case let error as StoreError where error.code == .damaged:
      self.init(.internalServerError, "damaged", error.message, hint: "restore a copy of the store")
    case let error as StoreError where error.code == .locked:
      self.init(
        .serviceUnavailable, "store-busy", "another program holds the store's files", hint: "send it again later")
      headers[.retryAfter] = "5"
    case is StoreError:
      self.init(.serviceUnavailable, "store", "the store cannot be used now; nothing of this request was taken in")
      headers[.retryAfter] = "5"
    case is NIOTooManyBytesError:
      self.init(.contentTooLarge, "too-large", "the body is too large", hint: "send it in several requests")
    case let error as HTTPError where error.status == .notFound:
      self.init(.notFound, Self.noSuchRoute, "there is nothing at this address")
    case let error as any HTTPResponseError:
      self.init(error.status, "http", error.status.reasonPhrase)
    default: return nil
    }
  }

  init(_ refusal: Refusal) {
    self.init(.badRequest, refusal.code.rawValue, refusal.message, hint: refusal.hint)
    members = { $0.member("pointer", refusal.pointer) }
  }

  init(_ diagnostics: Diagnostics) {
    let count = diagnostics.errors.count
    self.init(
      .unprocessableContent, "configuration",
      "the configuration has \(count) error\(count == 1 ? "" : "s"); nothing was changed")
    let told = [DiagnosticAnswer](diagnostics.all)
    members = { json in
      guard let told = try? AnyJSON(encoding: told) else { return }
      json.member("diagnostics") { $0.write(told) }
    }
  }
}
