import AttuneModel
import Codec
import Ingest
import Testing

private let now = Instant(milliseconds: 1_769_851_800_000)

@Suite struct EventDecoderTests {
  private func event(_ text: String, now clock: Instant? = now, limits: Limits = .default) throws(Refusal) -> Event {
    try EventDecoder(limits: limits).decode(line: text.utf8, now: clock).get()
  }

  private func refusal(_ text: String, now clock: Instant? = now, limits: Limits = .default) -> Refusal? {
    if case .failure(let refusal) = EventDecoder(limits: limits).decode(line: text.utf8, now: clock) { return refusal }
    return nil
  }

  @Test func anEventMayHaveNoUser() throws {
    #expect(
      try event(#"{"event":"cut","item":"x"}"#)
        == Event(user: "", name: "cut", at: now, properties: [Property("item", .string("x"))]))
  }

  @Test func readsEveryMember() throws {
    let text = """
      {"id": "a-1", "user": "u1", "event": "view", "ts": "2026-01-31T17:30:00+08:00",
       "item": {"name": "Boots", "price": 129.5, "brand": {"name": "B"}}, "tags": ["x", 2, true], "new": true,
       "nothing": null, "none": {}, "empty": [], "item.colour": "red", "line\\nbreak": "\\u00e9"}
      """
    #expect(throws: Refusal.self) { try event(text) }
    let clean = text.replacing("line\\nbreak", with: "line break")
    #expect(
      try event(clean)
        == Event(
          id: "a-1", user: "u1", name: "view", at: now,
          properties: [
            Property("item.name", .string("Boots")), Property("item.price", .number(129.5)),
            Property("item.brand.name", .string("B")),
            Property("tags", .list([.string("x"), .number(2), .bool(true)])),
            Property("new", .bool(true)), Property("empty", .list([])), Property("item.colour", .string("red")),
            Property("line break", .string("é")),
          ]))
  }

  @Test func keepsIntegersAsTheirDigits() throws {
    let event = try self.event(#"{"id":12345678901234567890,"user":-7,"event":"view","ts":1511539217000.9}"#, now: nil)
    #expect(
      event == Event(id: "12345678901234567890", user: "-7", name: "view", at: Instant(milliseconds: 1_511_539_217_000))
    )
  }

  /// Two of them are never one, as they would be as doubles.
  @Test func keepsLargeIntegersOfPropertiesAsText() throws {
    let event = try self.event(
      #"{"user":"u","event":"view","item":1234567890123456789,"in":[9007199254740993,1],"big":1e300,"n":-9007199254740991}"#
    )
    #expect(
      event.properties == [
        Property("item", .string("1234567890123456789")),
        Property("in", .list([.string("9007199254740993"), .number(1)])),
        Property("big", .number(1e300)), Property("n", .number(-9_007_199_254_740_991)),
      ])
  }

  @Test func takesTheClockForAMissingTime() throws {
    #expect(try event(#"{"user":"u","event":"view"}"#) == Event(user: "u", name: "view", at: now))
    #expect(try event(#"{"id":null,"user":"u","event":"view","ts":null}"#) == Event(user: "u", name: "view", at: now))
    #expect(refusal(#"{"user":"u","event":"view"}"#, now: nil)?.pointer == "/ts")
  }

  @Test(
    arguments: [
      (#"{"event":"view","usr":"u"}"#, .missing, "/user"),
      (#"{"user":"u"}"#, .missing, "/event"), (#"{"user":"","event":"view"}"#, .empty, "/user"),
      (#"{"user":null,"event":"cut"}"#, .missing, "/user"),
      (#"{"user":"u","event":""}"#, .empty, "/event"), (#"{"id":"","user":"u","event":"view"}"#, .empty, "/id"),
      (#"{"user":1.5,"event":"view"}"#, .wrongType, "/user"), (#"{"user":1e3,"event":"view"}"#, .wrongType, "/user"),
      (#"{"user":true,"event":"view"}"#, .wrongType, "/user"), (#"{"user":{},"event":"view"}"#, .wrongType, "/user"),
      (#"{"user":"u","event":["view"]}"#, .wrongType, "/event"),
      (#"{"user":"a\u0000","event":"view"}"#, .invalid, "/user"),
      (#"{"user":"u","event":"view","ts":"yesterday"}"#, .invalid, "/ts"),
      (#"{"user":"u","event":"view","ts":"2026-01-31T09:30:00"}"#, .invalid, "/ts"),
      (#"{"user":"u","event":"view","ts":true}"#, .wrongType, "/ts"),
      (#"{"user":"u","event":"view","ts":[1]}"#, .wrongType, "/ts"),
      (#"{"user":"u","event":"view","ts":1e400}"#, .invalid, "/ts"),
      (#"{"user":"u","user":"u","event":"view"}"#, .duplicate, "/user"),
      (#"{"user":"u","event":"view","a":1,"a":2}"#, .duplicate, "/a"),
      (#"{"user":"u","event":"view","a.b":1,"a":{"b":2}}"#, .duplicate, "/a/b"),
      (#"{"user":"u","event":"view","items":[{"a":1}]}"#, .wrongType, "/items/0"),
      (#"{"user":"u","event":"view","items":[1,[2]]}"#, .wrongType, "/items/1"),
      (#"{"user":"u","event":"view","items":["a",null]}"#, .wrongType, "/items/1"),
      (#"{"user":"u","event":"view","a":{"b/c":{"d~e":[{}]}}}"#, .wrongType, "/a/b~1c/d~0e/0"),
      (#"{"user":"u","event":"view","":1}"#, .empty, "/"), (#"{"user":"u","event":"view","a":{"":1}}"#, .empty, "/a/"),
      (#"{"user":"u","event":"view","a\nb":1}"#, .invalid, "/a\nb"),
      (#"{"user":"u","event":"view","price":1e400}"#, .invalid, "/price"),
      (#"{"user":"u","event":"view","a":{"b":tru}}"#, .malformed, "/a/b"),
      (#"{"user":"u","event":"view"} {}"#, .malformed, ""), (#"{"user":"u","event":"view""#, .malformed, ""),
      ("[]", .wrongType, ""), ("5", .wrongType, ""), ("", .malformed, ""), ("  ", .malformed, ""),
    ] as [(String, Refusal.Code, String)])
  func refusesPrecisely(text: String, code: Refusal.Code, pointer: String) {
    let refusal = self.refusal(text)
    #expect(refusal?.code == code && refusal?.pointer == pointer, "\(text): \(String(describing: refusal))")
    #expect(refusal.map { (0...text.utf8.count).contains($0.offset) } == true)
  }

  @Test(
    arguments: [
      ("946684799999", .absurdTime), ("946684800000", nil), (#""1999-12-31T23:59:59.999Z""#, .absurdTime),
      (#""2000-01-01T00:00:00Z""#, nil), ("4133980799999", nil), ("4133980800000", .absurdTime),
      (#""2100-12-31T23:59:59.999Z""#, nil), (#""2101-01-01T00:00:00Z""#, .absurdTime), ("-1", .absurdTime),
      ("1e300", .absurdTime), ("-1e300", .absurdTime), ("1769851800", .absurdTime), ("0", .absurdTime),
    ] as [(String, Refusal.Code?)])
  func refusesAbsurdTimes(ts: String, code: Refusal.Code?) {
    let refusal = self.refusal(#"{"user":"u","event":"view","ts":\#(ts)}"#, now: nil)
    #expect(refusal?.code == code)
    #expect(refusal == nil || refusal?.pointer == "/ts")
    #expect((refusal?.hint != nil) == (ts == "1769851800"))
  }

  @Test func measuresTheSkewFromTheClock() {
    func text(_ ahead: TimeSpan) -> String { #"{"user":"u","event":"view","ts":\#((now + ahead).milliseconds)}"# }
    #expect(refusal(text(.minutes(10))) == nil)
    #expect(refusal(text(.minutes(10) + 1))?.code == .fromTheFuture)
    #expect(refusal(text(.minutes(10) + 1))?.pointer == "/ts")
    #expect(refusal(text(.days(365)), now: nil) == nil)
    var limits = Limits()
    limits.skew = .zero
    #expect(refusal(text(.zero), limits: limits) == nil)
    #expect(refusal(text(.zero + 1), limits: limits)?.code == .fromTheFuture)
  }

  /// Each limit lets its number pass and refuses one more.
  @Test func limitsEverything() {
    var limits = Limits()
    limits.depth = 3
    limits.properties = 5
    limits.listItems = 4
    limits.textBytes = 30
    limits.propertyNameBytes = 12
    func text(_ count: Int) -> String { String(repeating: "é", count: count / 2) + (count % 2 == 0 ? "" : "e") }
    func check(_ limit: Int, _ code: Refusal.Code, _ pointer: String?, _ members: (Int) -> String) {
      func line(_ size: Int) -> String { #"{"ts":1511539217000,\#(members(size))}"# }
      let passed = refusal(line(limit), now: nil, limits: limits)
      #expect(passed == nil, "\(members(limit))")
      let refused = refusal(line(limit + 1), now: nil, limits: limits)
      #expect(
        refused?.code == code && (pointer == nil || refused?.pointer == pointer), "\(String(describing: refused))")
    }
    check(limits.idBytes, .tooLong, "/id") { #""user":"u","event":"e","id":"\#(text($0))""# }
    check(limits.userBytes, .tooLong, "/user") { #""user":"\#(text($0))","event":"e""# }
    check(limits.eventBytes, .tooLong, "/event") { #""user":"u","event":"\#(text($0))""# }
    let base = #""user":"u","event":"e""#
    check(30, .tooLong, "/a/b") { #"\#(base),"a":{"b":"\#(text($0))"}"# }
    check(30, .tooLong, "/a/1") { #"\#(base),"a":["x","\#(text($0))"]"# }
    check(12, .tooLong, nil) { #"\#(base),"\#(text($0))":1"# }
    check(12, .tooLong, nil) { #"\#(base),"abc":{"\#(text($0 - 4))":1}"# }
    check(4, .tooMany, "/a/4") { #"\#(base),"a":[\#(Array(repeating: "1", count: $0).joined(separator: ","))]"# }
    check(5, .tooMany, "/p5") { count in base + (0..<count).map { #","p\#($0)":1"# }.joined() }
    check(3, .tooDeep, "/a/a/a") { depth in
      base + "," + String(repeating: #""a":{"#, count: depth - 1) + #""a":1"# + String(repeating: "}", count: depth - 1)
    }
    let overhead = #"{"ts":1511539217000,\#(base),"a":1}"#.utf8.count
    check(limits.itemBytes, .tooLarge, "") { base + #","a":1"# + String(repeating: " ", count: $0 - overhead) }
  }

  @Test func hintsAtAMisspeltMember() {
    #expect(refusal(#"{"usr":"u","event":"view"}"#)?.hint?.contains("'usr'") == true)
  }
}

extension TimeSpan {
  fileprivate static func + (span: TimeSpan, milliseconds: Int64) -> TimeSpan {
    TimeSpan(milliseconds: span.milliseconds + milliseconds)
  }
}
