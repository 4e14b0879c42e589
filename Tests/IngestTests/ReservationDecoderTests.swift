import AttuneModel
import Codec
import Ingest
import Testing

private let now = Instant(milliseconds: 1_769_851_800_000)

@Suite struct ReservationDecoderTests {
  private let decoder = ReservationDecoder()

  private func reservation(_ text: String, now: Instant? = nil) -> Result<Reservation, Refusal> {
    decoder.decode(line: text.utf8, now: now)
  }

  @Test func readsWhatIsThere() {
    #expect(
      reservation(#"{"id":"c1","user":"小明","business":"降价","zone":"Asia/Shanghai","at":1511539217000,"x":[{}]}"#)
        == .success(
          Reservation(
            id: "c1", user: "小明", business: "降价", zone: "Asia/Shanghai",
            at: Instant(milliseconds: 1_511_539_217_000))))
    #expect(
      reservation(#" {"at":null,"zone":null,"business":"b","user":7,"id":12345678901234567890123} "#)
        == .success(Reservation(id: "12345678901234567890123", user: "7", business: "b")))
  }

  @Test(
    arguments: [
      ("0", 0), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min),
      ("9007199254740993", 1 << 53 + 1),
      ("1.5e3", 1500), ("-1.5", -2), (#""1970-01-01T00:00:01Z""#, 1000),
      (#""2026-01-31T17:30:00.250+08:00""#, 1_769_851_800_250),
    ] as [(String, Int64)])
  func filesTakeAnyInstant(text: String, milliseconds: Int64) {
    let candidate = #"{"id":1,"user":"u","business":"b","at":\#(text)}"#
    #expect(reservation(candidate).map(\.at) == .success(Instant(milliseconds: milliseconds)))
  }

  @Test(
    arguments: [
      (#"{"user":"u","business":"b"}"#, .missing, "/id"), (#"{"id":1,"business":"b"}"#, .missing, "/user"),
      (#"{"id":1,"user":"u"}"#, .missing, "/business"), (#"{"id":null,"user":"u","business":"b"}"#, .missing, "/id"),
      (#"{"id":"","user":"u","business":"b"}"#, .empty, "/id"), (#"{"id":1.5,"user":"u"}"#, .wrongType, "/id"),
      (#"{"id":true}"#, .wrongType, "/id"), (#"{"id":1,"id":1}"#, .duplicate, "/id"),
      (#"{"id":1,"user":"u","business":7}"#, .wrongType, "/business"),
      (#"{"id":1,"user":"u","business":"b","zone":8}"#, .wrongType, "/zone"),
      (#"{"id":1,"user":"u\n","business":"b"}"#, .invalid, "/user"),
      (#"{"id":1,"at":9223372036854775808}"#, .absurdTime, "/at"), (#"{"id":1,"at":1e300}"#, .absurdTime, "/at"),
      (#"{"id":1,"at":"soon"}"#, .invalid, "/at"), (#"{"id":1,"at":true}"#, .wrongType, "/at"),
      (#"{"id":1,"at":1"#, .malformed, ""), (#"{"id":1,"settle":1}"#, .wrongType, "/settle"),
      (#"[{"id":1}]"#, .wrongType, ""), ("", .malformed, ""),
    ] as [(String, Refusal.Code, String)])
  func refusesPrecisely(text: String, code: Refusal.Code, pointer: String) {
    let refusal = failure(reservation(text))
    #expect(refusal?.code == code && refusal?.pointer == pointer, "\(text): \(String(describing: refusal))")
  }

  @Test func lengthsAreLimited() {
    for (member, limit) in [("id", 100), ("user", 256), ("business", 100), ("zone", 100)] {
      var members = ["id": "i", "user": "u", "business": "b", "zone": "z"]
      func decode() -> Result<Reservation, Refusal> {
        reservation("{" + members.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",") + "}")
      }
      members[member] = String(repeating: "x", count: limit)
      #expect(failure(decode()) == nil)
      members[member]?.append("x")
      #expect(failure(decode())?.code == .tooLong && failure(decode())?.pointer == "/" + member)
    }
  }

  @Test func aServerChecksTheClock() {
    func at(_ text: String) -> Result<Instant?, Refusal> {
      reservation(#"{"id":1,"user":"u","business":"b","at":\#(text)}"#, now: now).map(\.at)
    }
    #expect(at("\(now.milliseconds + 60_000)") == .success(now + .minutes(1)))
    #expect(failure(at("\(now.milliseconds + 60_001)"))?.code == .fromTheFuture)
    #expect(failure(at("9223372036854775807"))?.code == .fromTheFuture)
    #expect(at("100000000000") == .success(Instant(milliseconds: 100_000_000_000)))
    let seconds = failure(at("1769851800"))
    #expect(seconds?.code == .absurdTime && seconds?.hint == "seconds? the unit is milliseconds")
    #expect(seconds?.message.contains("1973-03-03") == true)
    #expect(failure(at(#""1970-01-01T00:00:00Z""#))?.hint == nil)
    #expect(at("null") == .success(nil))
  }

  @Test func suggestsTheMemberMeant() {
    #expect(failure(reservation(#"{"id":1,"usr":"u"}"#))?.hint == "is 'usr' meant to be 'user'?")
  }

  @Test func tellsTheShapeOfABody() {
    let one = #"{"id":"1","user":"u","business":"b"}"#
    let item = Result<Reservation, Refusal>.success(Reservation(id: "1", user: "u", business: "b"))
    func body(_ text: String, _ format: Format = .json) -> Body<Reservation> {
      decoder.decode(text.utf8, as: format, now: now)
    }
    #expect(body(one).isSingle && body(one).items == [item])
    #expect(body("\u{FEFF} {").isSingle && body("").isSingle)
    #expect(!body("[\(one)]").isSingle && body("[\(one),\(one)]").items == [item, item])
    #expect(!body("[]").isSingle && body("[]").items.isEmpty)
    #expect(!body(one, .ndjson).isSingle && body("\(one)\r\n\n\(one)", .ndjson).items == [item, item])
    let mixed = body("[\(one),{},\(one)]").items
    #expect(mixed.count == 3 && failure(mixed[1])?.pointer == "/1/id" && mixed[2] == item)
    let many = body("[" + Array(repeating: one, count: 1001).joined(separator: ",") + "]").items
    #expect(many.count == 1001 && many[999] == item && failure(many[1000])?.code == .tooMany)
  }
}

@Suite struct SettlementDecoderTests {
  private let decoder = SettlementDecoder()

  @Test(
    arguments: [("commit", .commit), ("release", .release), ("unknown", .unknown)] as [(String, FatigueSettlement)])
  func readsEveryKind(name: String, settlement: FatigueSettlement) {
    let expected = ReservationSettlement(id: "7", user: "小明", settlement: settlement)
    let text = #"{"id":7,"user":"小明","settle":"\#(name)","extra":1}"#
    #expect(decoder.decode(line: text.utf8) == .success(expected))
    let body = decoder.decode("[\(text)]".utf8, as: .json)
    #expect(!body.isSingle && body.items == [.success(expected)])
    #expect(decoder.decode(text.utf8, as: .json).isSingle)
  }

  @Test func refusesPrecisely() {
    let cases: [(String, Refusal.Code, String, String)] = [
      (#"{"id":7,"settle":"commit"}"#, .missing, "/user", "say who was to be reached, text or an integer"),
      (#"{"id":7,"user":"u"}"#, .missing, "/settle", "one of commit, release, unknown"),
      (#"{"user":"u","settle":"commit"}"#, .missing, "/id", "the sender's own name for it, text or an integer"),
      (#"{"id":7,"user":"u","settle":"comit"}"#, .invalid, "/settle", "did you mean 'commit'?"),
      (#"{"id":7,"user":"u","settle":"accepted"}"#, .invalid, "/settle", "one of commit, release, unknown"),
    ]
    for (text, code, pointer, hint) in cases {
      let refusal = failure(decoder.decode(line: text.utf8))
      #expect(refusal?.code == code && refusal?.pointer == pointer && refusal?.hint == hint, "\(text)")
    }
  }
}
