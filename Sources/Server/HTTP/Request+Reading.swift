import Foundation
import HTTPTypes
import Hummingbird
import Ingest
import Insight
import NIOCore

extension Request {
  /// How the body says it is laid out.
  func format() throws(Problem) -> Format {
    switch mediaType {
    case "application/json": return .json
    case "application/x-ndjson": return .ndjson
    default: throw unsupported("application/json or application/x-ndjson")
    }
  }

  func requireJSON() throws(Problem) {
    guard mediaType == "application/json" else { throw unsupported("application/json") }
  }

  /// The whole body, if it has at most so many bytes.
  func bytes(upTo limit: Int) async throws -> ByteBuffer {
    let tooLarge = Problem(
      .contentTooLarge, "too-large", "the body has more than \(limit) bytes", hint: "send it in several requests")
    if let length = headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
    do { return try await body.collect(upTo: limit) } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw Problem(.requestTimeout, "incomplete", "the body did not arrive whole", hint: "send the request again")
    }
  }

  /// The value of `?name=`, if there is one.
  func query(_ name: String) -> String? { uri.queryParameters[Substring(name)].map(String.init) }

  /// `?name=`, read as `T` and said to be `what`.
  func query<T: LosslessStringConvertible>(_ name: String, _ what: String) throws(Problem) -> T? {
    guard let text = query(name) else { return nil }
    guard let value = T(text) else { throw Problem(parameter: name, "'\(text)' is not \(what)") }
    return value
  }

  /// As nearly everybody writes it, it needs no trimming: that takes longer than to read an item.
  var mediaType: String? {
    guard let text = headers[.contentType] else { return nil }
    if text.utf8.allSatisfy({ $0.isOfPlainMediaType }) { return text }
    return text.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
  }

  func unsupported(_ expected: String) -> Problem {
    let found = mediaType.map { "'\($0)' is not understood here" } ?? "there is no Content-Type"
    return Problem(.unsupportedMediaType, "media-type", found, hint: "send Content-Type: \(expected)")
  }
}

extension UInt8 {
  fileprivate var isOfPlainMediaType: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "/"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

extension Problem {
  init(parameter name: String, _ detail: String, hint: String? = nil) {
    self.init(.badRequest, "parameter", detail, hint: hint)
    members = { $0.member("parameter", name) }
  }
}
