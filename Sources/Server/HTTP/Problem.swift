import API
import Codec
import HTTPTypes
import Hummingbird

/// An error as a client sees it (RFC 9457): what is wrong, and what to do about it.
struct Problem: Error {
  var status: HTTPResponse.Status
  /// Stable, for machines: the last part of `type`.
  var code: String
  var detail: String
  var hint: String?
  var headers: HTTPFields = [:]
  /// Members of its own.
  var members: @Sendable (inout JSONWriter) -> Void = { _ in }

  init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, hint: String? = nil) {
    self.status = status
    self.code = code
    self.detail = detail
    self.hint = hint
  }

  func with(_ header: HTTPField.Name, _ value: String) -> Problem {
    var problem = self
    problem.headers[header] = value
    return problem
  }

  func with(_ members: @escaping @Sendable (inout JSONWriter) -> Void) -> Problem {
    var problem = self
    problem.members = members
    return problem
  }

  /// A member of its own.
  func with(_ name: String, _ text: String) -> Problem { with { $0.member(name, text) } }

  /// The members of a value, as its own.
  func with(_ value: some Encodable) throws -> Problem {
    let members = try AnyJSON(encoding: value).members
    return with { $0.write(members) }
  }

  /// `request` names the line of the log that tells more.
  func response(request: String) -> Response {
    var response = Response.json(status) { json in
      json.member("type", "urn:attune:problem:\(code)")
      json.member("title", status.reasonPhrase)
      json.member("status", status.code)
      json.member("detail", detail)
      if let hint { json.member("hint", hint) }
      json.member("request", request)
      members(&json)
    }
    response.headers[.contentType] = "application/problem+json"
    for field in headers { response.headers[field.name] = field.value }
    return response
  }
}

extension Problem {
  init(parameter name: String, _ detail: String, code: String = "parameter", hint: String? = nil) {
    self.init(.badRequest, code, detail, hint: hint)
    members = { $0.member("parameter", name) }
  }
}

extension Response {
  /// A wire type.
  static func json(_ status: HTTPResponse.Status, _ value: some Encodable) throws -> Response {
    json(status, bytes: try JSONWriter.text(of: value))
  }

  /// JSON as it stands.
  static func json(_ status: HTTPResponse.Status, bytes: [UInt8]) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// One object, written by hand where it is hot or the same elsewhere.
  static func json(_ status: HTTPResponse.Status, _ members: (inout JSONWriter) -> Void) -> Response {
    var text = JSONWriter()
    text.object(members)
    return json(status, bytes: text.bytes)
  }
}
