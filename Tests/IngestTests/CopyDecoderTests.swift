import AttuneModel
import Codec
import Ingest
import Materials
import Testing

@Suite struct CopyDecoderTests {
  private func decode(_ json: String) -> Result<LibraryCopy, Refusal> { CopyDecoder().decode(line: Array(json.utf8)) }

  @Test func aWholeOne() throws {
    let copy = try decode(
      #"""
      {"id": 7, "title": "跑鞋", "body": "a\nb", "tags": ["x", "a"], "scene": "feed", "language": "zh", "created": 5,
       "past": {"sends": 100, "deliveries": 90, "clicks": 3, "conversions": 2, "optOuts": 1, "lastUsed": "2026-01-01T00:00:00Z"},
       "clickRate": {"mean": 0.1}, "history": []}
      """#.replacing("\n", with: " ")
    ).get()
    let past = LibraryCopy.Past(
      counts: CopyCounts(sends: 100, deliveries: 90, clicks: 3, conversions: 2, optOuts: 1),
      lastUsed: Instant(milliseconds: 1_767_225_600_000))
    #expect(
      try copy
        == LibraryCopy(
          id: "7", title: "跑鞋", body: "a\nb", tags: ["a", "x"], scene: "feed", language: "zh",
          created: Instant(milliseconds: 5), past: past))
    let small = try decode(#"{"id":"a","title":"t","body":"b","tags":null,"scene":null,"past":null}"#).get()
    #expect(try small == LibraryCopy(id: "a", title: "t", body: "b"))
  }

  @Test(arguments: [
    (#"{"title":"t","body":"b"}"#, "/id", "'id' is missing"),
    (#"{"id":"a","title":"t"}"#, "/body", "'body' is missing"),
    (#"{"id":"a","title":"{{x","body":"b"}"#, "/title", "not closed"),
    (#"{"id":"a","title":5,"body":"b"}"#, "/title", "text"),
    (#"{"id":"a b","title":"t","body":"b"}"#, "/id", "cannot be an id"),
    (#"{"id":"a","title":"t","body":"b","tags":"x"}"#, "/tags", "a list"),
    (#"{"id":"a","title":"t","body":"b","tags":["x",null]}"#, "/tags/1", "text"),
    (#"{"id":"a","title":"t","body":"b","past":{"clicks":1}}"#, "/past/sends", "missing"),
    (#"{"id":"a","title":"t","body":"b","past":{"sends":1,"clicks":2}}"#, "/past/clicks", "2 clicks of 1 sends"),
    (#"{"id":"a","title":"t","body":"b","past":{"sends":1.5}}"#, "/past/sends", "no whole number"),
    (#"{"id":"a","title":"t","body":"b","past":{"sends":1e300}}"#, "/past/sends", "no whole number"),
    (#"{"id":"a","id":"b","title":"t","body":"b"}"#, "/id", "twice"), ("[]", "", "an object"), ("{", "", "expected"),
  ])
  func refusals(json: String, pointer: String, message: String) {
    guard case .failure(let refusal) = decode(json) else {
      Issue.record("taken: \(json)")
      return
    }
    #expect(refusal.pointer == pointer && refusal.message.contains(message), "\(refusal)")
  }

  @Test func columns() throws {
    let columns = try CopyColumns([
      "Title", " BODY ", "Opt-Outs", "id", "titles", "Conversions", "Sends", "tags", "last_used", "color",
    ])
    #expect(columns.ignored.map(\.name) == ["titles", "color"])
    #expect(columns.ignored.map(\.hint) == ["did you mean 'title'?", nil])
    let copy = try columns.copy(from: ["t", "b", "2", " a ", "", "4", "10", "x; y;;x", "2026-01-01", ""])
    #expect(
      copy.id == "a" && copy.tags == ["x", "y"]
        && copy.past?.counts == CopyCounts(sends: 10, conversions: 4, optOuts: 2))
    #expect(copy.past?.lastUsed == Instant(milliseconds: 1_767_225_600_000))
    let wrong: [([String], CopyError.Part, String)] = [
      (["t", "b", "two", "a", "", "", "", "", "", ""], .optOuts, "'two' is no whole number"),
      (["t", "b", "", "a", "", "", "", "", "soon", ""], .lastUsed, "no instant"),
      (["t", "b", "1", "a", "", "", "", "", "", ""], .sends, "missing"),
      (["t", "b"], .id, "2 fields, the first one has 10"),
      (["t", "", "", "a", "", "", "", "", "", ""], .body, "missing"),
    ]
    for (fields, part, message) in wrong {
      let error = #expect(throws: CopyError.self) { try columns.copy(from: fields) }
      #expect(error?.part == part && error?.message.contains(message) == true, "\(error as Any)")
    }
  }

  @Test(arguments: [
    (["id;title;body"], "commas"), (["id", "titles", "body"], "is 'titles' meant to be 'title'?"),
    (["x"], "names the columns"),
    (["id", "ID", "title", "body"], "keep one"),
  ])
  func unfitHeaders(header: [String], hint: String) {
    let error = #expect(throws: CopyColumns.Unfit.self) { try CopyColumns(header) }
    #expect(error?.hint.contains(hint) == true, "\(error as Any)")
  }
}
