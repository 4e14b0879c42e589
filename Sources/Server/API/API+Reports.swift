import AttuneModel
import Codec
import Hummingbird
import Insight
import Platform
import Runtime

extension API {
  /// `GET /v1/users/{id}/timeline?limit=50&business=NAME&before=CURSOR`
  @Sendable func timeline(_ request: Request, _ context: Context) async throws -> Response {
    let user = try user(context)
    let limit = try request.query("limit", "a whole number") ?? 50
    guard (1...500).contains(limit) else { throw Problem(parameter: "limit", "it is not from 1 to 500") }
    let before: TimelineReader.Cursor? = try request.query("before", "a cursor: send back 'next' as it came")
    let timeline = TimelineReader(store: store, user: user, business: request.query("business"))
    let page = try await blocking { try timeline.page(before: before, limit: limit) }
    return .json(.ok) { json in
      json.member("user", user)
      json.member("entries") { json in json.array(page.entries) { $0.write($1) } }
      json.member("next", page.next?.description)
    }
  }

  /// `GET /v1/reports/funnel?by=business&since=2026-11-01&until=2026-11-12`: calendar days in the configuration's
  /// zone, `until` excluded.
  @Sendable func funnel(_ request: Request, _ context: Context) async throws -> Response {
    let by = request.query("by") ?? Funnel.Dimension.business.rawValue
    guard let dimension = Funnel.Dimension(rawValue: by) else {
      let known = Funnel.Dimension.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem(parameter: "by", "there is no funnel by '\(by)'", hint: "one of \(known)")
    }
    let since = try day(request, "since") ?? .min
    let until = try day(request, "until").map { $0 - 1 } ?? .max
    guard since <= until else { throw Problem(parameter: "until", "it is not later than 'since'") }
    let tally = try await blocking { [store] in try Projector(store: store).tally() }
    let funnel = Funnel(tally, by: dimension, days: since...until)
    var text = JSONWriter()
    text.write(funnel)
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: text.bytes)))
  }

  private func day(_ request: Request, _ name: String) throws(Problem) -> Int64? {
    guard let text = request.query(name) else { return nil }
    guard let day = CivilDate(text) else {
      throw Problem(parameter: name, "'\(text)' is not a day", hint: "write 2026-11-11")
    }
    return day.daysSince1970
  }
}
