import API
import AttuneModel
import Codec
import Hummingbird
import Insight
import Platform
import Runtime
import Store

/// What was decided, by user and in sums.
struct ReportHandlers: Sendable {
  let store: OpenedStore
  let work: WorkQueue

  func getTimeline(_ call: Call) async throws -> Response {
    let user = try call.user
    let limit = call.query.integer("limit") ?? 50
    let before = try cursor(call.query["before"])
    let timeline = TimelineReader(store: store, user: user, business: call.query["business"])
    let page = try await work.run { try timeline.page(before: before, limit: limit) }
    return .json(.ok) { json in
      json.member("user", user)
      json.member("entries") { json in json.array(page.entries) { $0.write($1) } }
      json.member("next", page.next?.description)
    }
  }

  /// Calendar days in the configuration's zone; `until` is excluded.
  func getFunnel(_ call: Call) async throws -> Response {
    let dimension = call.query["by"].flatMap(Funnel.Dimension.init) ?? .business
    let since = try day(call, "since") ?? .min
    let until = try day(call, "until").map { $0 - 1 } ?? .max
    guard since <= until else { throw Problem(parameter: "until", "it is not later than 'since'") }
    let bytes = try await work.run { [store] in
      var text = JSONWriter()
      text.write(Funnel(try Projector(store: store).tally(), by: dimension, days: since...until))
      return text.bytes
    }
    return .json(.ok, bytes: bytes)
  }

  private func cursor(_ text: String?) throws(Problem) -> TimelineReader.Cursor? {
    guard let text else { return nil }
    if let cursor = TimelineReader.Cursor(text) { return cursor }
    throw Problem(parameter: "before", "'\(text)' is not a cursor: send back 'next' as it came")
  }

  private func day(_ call: Call, _ name: String) throws(Problem) -> Int64? {
    guard let text = call.query[name] else { return nil }
    guard let day = CivilDate(text) else {
      throw Problem(parameter: name, "'\(text)' is not a day", hint: "write 2026-11-11")
    }
    return day.daysSince1970
  }
}
