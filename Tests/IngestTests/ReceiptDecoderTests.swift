import AttuneModel
import Codec
import Ingest
import Testing

private let now = Instant(milliseconds: 1_769_851_800_000)

@Suite struct ReceiptDecoderTests {
  private let decoder = ReceiptDecoder()
  private let id = CandidateID(partition: 17, number: 42)

  @Test func readsEveryKind() {
    for kind in Receipt.Kind.allCases {
      let text = #"{"message":"17-42","event":"\#(kind.name)","ts":1511539217000,"extra":{"a":[{}]}}"#
      let receipt = Receipt(message: id, kind: kind, at: Instant(milliseconds: 1_511_539_217_000))
      #expect(decoder.decode(line: text.utf8, now: nil) == .success(receipt))
    }
  }

  @Test func readsBodies() {
    let opened = #"{"message":"17-42","event":"opened"}"#
    let receipt = Result<Receipt, Refusal>.success(Receipt(message: id, kind: .opened, at: now))
    #expect(decoder.decode(opened.utf8, as: .json, now: now) == [receipt])
    #expect(decoder.decode("[\(opened),\(opened)]".utf8, as: .json, now: now) == [receipt, receipt])
    let lines = decoder.decode("\(opened)\n{}\n\(opened)".utf8, as: .ndjson, now: now)
    #expect(lines.count == 3 && lines[0] == receipt && lines[2] == receipt)
    #expect(failure(lines[1])?.pointer == "/1/message")
  }

  @Test(
    arguments: [
      (#"{"event":"opened"}"#, .missing, "/message"), (#"{"message":"17-42"}"#, .missing, "/event"),
      (#"{"message":"17-42","event":null}"#, .missing, "/event"),
      (#"{"message":"64-1","event":"opened"}"#, .invalid, "/message"),
      (#"{"message":"017-42","event":"opened"}"#, .invalid, "/message"),
      (#"{"message":17,"event":"opened"}"#, .invalid, "/message"),
      (#"{"message":{},"event":"opened"}"#, .wrongType, "/message"),
      (#"{"message":"17-42","event":"open"}"#, .invalid, "/event"),
      (#"{"message":"17-42","event":"opened","ts":5}"#, .absurdTime, "/ts"),
      (#"{"message":"17-42","event":"opened","ts":1769852400001}"#, .fromTheFuture, "/ts"),
      (#"{"message":"17-42","message":"17-42","event":"opened"}"#, .duplicate, "/message"),
      (#"{"message":"17-42","event":"opened","x":[1,}"#, .malformed, "/x/1"), ("true", .wrongType, ""),
    ] as [(String, Refusal.Code, String)])
  func refusesPrecisely(text: String, code: Refusal.Code, pointer: String) {
    let refusal = failure(decoder.decode(line: text.utf8, now: now))
    #expect(refusal?.code == code && refusal?.pointer == pointer, "\(text): \(String(describing: refusal))")
  }

  @Test func suggestsTheKindMeant() {
    let text = #"{"message":"17-42","event":"openned"}"#
    #expect(failure(decoder.decode(line: text.utf8, now: now))?.hint == "did you mean 'opened'?")
    #expect(failure(decoder.decode(line: #"{"message":"17-42","event":"opened"}"#.utf8, now: nil))?.pointer == "/ts")
  }
}
