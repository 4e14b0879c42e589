import AttuneModel
import Codec
import Testing

@testable import Ingest

/// Lines of a stream: events of any time, watermarks and clocks.
@Suite struct StreamLineTests {
  private func decode(_ line: String) -> Result<StreamLine, Refusal> { StreamLineDecoder().decode(Array(line.utf8)) }

  private func refusal(_ line: String) -> Refusal? {
    if case .failure(let refusal) = decode(line) { refusal } else { nil }
  }

  @Test func whatALineCanBe() {
    let view = Event(id: "e1", user: "u", name: "view", at: Instant(milliseconds: 0), properties: [])
    #expect(decode(#"{"id":"e1","user":"u","event":"view","ts":0}"#) == .success(.event(view)))
    let cut = Event(
      user: "", name: "priceCut", at: Instant(milliseconds: -5), properties: [Property("item", .string("x"))])
    #expect(decode(#"{"event":"priceCut","ts":-5,"item":"x"}"#) == .success(.event(cut)))
    #expect(decode(#" {"watermark": 9223372036854775807} "#) == .success(.watermark(.distantFuture)))
    #expect(decode(#"{"clock":"1970-01-01T00:00:01Z"}"#) == .success(.clock(Instant(milliseconds: 1000))))
  }

  /// Only a line of nothing else is about time.
  @Test(arguments: ["clock", "watermark"]) func propertiesMayHaveTheseNames(name: String) {
    let event = Event(
      user: "u", name: "set", at: Instant(milliseconds: 7), properties: [Property(name, .string("noon"))])
    #expect(decode(#"{"\#(name)":"noon","user":"u","event":"set","ts":7}"#) == .success(.event(event)))
    #expect(decode(#"{"user":"u","event":"set","ts":7,"\#(name)":"noon"}"#) == .success(.event(event)))
  }

  @Test func whatIsRefused() {
    #expect(refusal(#"{"watermark":null}"#)?.pointer == "/watermark")
    #expect(refusal(#"{"watermark":null}"#)?.code == .missing)
    #expect(refusal(#"{"clock":"noon"}"#)?.code == .invalid)
    #expect(refusal(#"{"clock":5"#)?.code == .malformed)
    #expect(refusal(#"{"clock":5} 6"#)?.code == .malformed)
    #expect(refusal(#"{"event":"view"}"#)?.pointer == "/ts")
    #expect(refusal("[]")?.code == .wrongType)
    #expect(refusal("{}")?.pointer == "/event")
  }
}
