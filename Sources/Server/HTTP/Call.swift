import API
import AttuneModel
import Codec
import Foundation
import HTTPTypes
import Hummingbird
import Ingest
import NIOCore

/// Answers a route.
typealias CallHandler = @Sendable (Call) async throws -> Response

/// A request to a route, with what its address says.
struct Call: Sendable {
  let route: Route
  let request: Request
  let query: Query
  private let parts: Parameters

  /// - Throws: a `Problem` where the address has a parameter that the route does not take, or takes otherwise.
  init(_ request: Request, _ context: APIContext, of route: Route) throws(Problem) {
    self.route = route
    self.request = request
    query = try Query(of: request, for: route)
    parts = context.parameters
  }

  /// A part of the path, `what` it names. It is at most so long, and text once its percent signs are read.
  func part(_ name: String, _ what: String, upTo limit: Int = 8192) throws(Problem) -> String {
    guard let text = parts.get(name)?.decodedFromPercent, !text.isEmpty, text.utf8.count <= limit else {
      throw Problem(
        .badRequest, what, "the address names no \(what)",
        hint: "at most \(limit) bytes of UTF-8, percent-encoded: \(route.address(["u/1"]))")
    }
    return text
  }

  /// The user that the address names.
  var user: String {
    get throws(Problem) { try part("id", "user", upTo: Limits.default.userBytes) }
  }

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

  /// A body means nothing to a route that takes none: whoever sends one expects something of it.
  func refuseBody() async throws {
    let length = request.headers[.contentLength].flatMap(Int.init) ?? 0
    let isChunked = request.headers[.transferEncoding] != nil
    guard length > 0 || isChunked, try await bytes(upTo: 1 << 20).readableBytes > 0 else { return }
    let known = route.query.map { "?\($0.name)=" }.joined(separator: ", ")
    throw Problem(
      .badRequest, "unexpected-body", "this takes no body",
      hint: known.isEmpty ? "send it without one" : "send it without one; it knows \(known)")
  }

  /// The whole body, if it has at most so many bytes.
  func bytes(upTo limit: Int) async throws -> ByteBuffer {
    let tooLarge = Problem(
      .contentTooLarge, "too-large", "the body has more than \(limit) bytes", hint: "send it in several requests")
    if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
    do { return try await request.body.collect(upTo: limit) } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw Problem(.requestTimeout, "incomplete", "the body did not arrive whole", hint: "send the request again")
    }
  }

  /// The whole body as a wire type. A member that means nothing is refused, as is one of the wrong type.
  func body<Body: WireType>(_ type: Body.Type, upTo limit: Int) async throws -> Body {
    try requireJSON()
    let data = Data(try await bytes(upTo: limit).readableBytesView)
    let hint = (try? JSONWriter.text(of: Body.sample)).map { String(decoding: $0, as: UTF8.self) }
    guard let json = try? JSONDecoder().decode(AnyJSON.self, from: data) else {
      throw Problem(.badRequest, "malformed", "the body is not JSON", hint: hint)
    }
    if let fault = Schema(of: type).faults(in: json).first {
      throw Problem(
        .badRequest, (fault.isUnknownMember ? Refusal.Code.unknownMember : .malformed).rawValue,
        (fault.pointer.isEmpty ? "" : fault.pointer + ": ") + fault.message, hint: fault.hint ?? hint
      ).with("pointer", fault.pointer)
    }
    return try JSONDecoder().decode(type, from: data)
  }

  /// As nearly everybody writes it, it needs no trimming: that takes longer than to read an item.
  var mediaType: String? {
    guard let text = request.headers[.contentType] else { return nil }
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
