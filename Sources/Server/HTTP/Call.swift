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
  /// What it holds of the memory for bodies.
  let room: BodyRoom
  private let parts: Parameters
  private let channel: any Channel

  /// - Throws: a `Problem` where the address has a parameter that the route does not take, or takes otherwise.
  init(_ request: Request, _ context: APIContext, of route: Route, room: BodyRoom) throws(Problem) {
    self.route = route
    self.request = request
    self.room = room
    channel = context.channel
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

  /// How the body says it is laid out: its type is one of the route's.
  var format: Format { isJSON ? .json : .ndjson }
  var isJSON: Bool { mediaType == "application/json" }

  /// Lets a client that waits for leave to send its body send it.
  func letBodyCome() throws(Problem) {
    guard let expected = request.headers[.expect] else { return }
    guard expected.lowercased() == "100-continue" else {
      throw Problem(.expectationFailed, "expectation", "'Expect: \(expected.prefix(64))' cannot be met")
    }
    channel.triggerUserOutboundEvent(ExpectationHandler.BodyIsWanted(), promise: nil)
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

  /// The whole body as a wire type. A member that means nothing is refused, as is one of the wrong type.
  func body<Body: WireType>(_ type: Body.Type, upTo limit: Int) async throws -> Body {
    let data = Data(try await bytes(upTo: limit).readableBytesView)
    let hint = (try? JSONWriter.text(of: Body.sample)).map { String(decoding: $0, as: UTF8.self) }
    let json: AnyJSON
    do throws(Refusal) { json = try AnyJSON(reading: data) } catch {
      throw Problem(
        .badRequest, error.code.rawValue, "the body: \(error.message), at byte \(error.offset)",
        hint: error.hint ?? hint
      ).with("pointer", error.pointer)
    }
    if let fault = Schema(of: type).faults(in: json).first {
      throw Problem(
        .badRequest, (fault.isUnknownMember ? Refusal.Code.unknownMember : .malformed).rawValue,
        (fault.pointer.isEmpty ? "" : fault.pointer + ": ") + fault.message, hint: fault.hint ?? hint
      ).with("pointer", fault.pointer)
    }
    return try JSONDecoder().decode(type, from: data)
  }
}
