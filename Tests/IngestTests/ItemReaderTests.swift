import AttuneModel
import Codec
import Ingest
import Testing

@Suite struct ItemReaderTests {
  private let decoder = EventDecoder()

  /// `u1` for what was let in, `code pointer` for what was not.
  private func outcome(_ body: String, _ format: Format, limits: Limits = .default) -> [String] {
    EventDecoder(limits: limits).decode(Array(body.utf8), as: format, now: Instant(milliseconds: 1_769_851_800_000)).map
    {
      switch $0 {
      case .success(let event): event.user
      case .failure(let refusal): "\(refusal.code) \(refusal.pointer)"
      }
    }
  }

  private func item(_ user: String) -> String { #"{"user":"\#(user)","event":"view"}"# }

  @Test func takesAnObjectOrAnArray() {
    #expect(outcome(item("a"), .json) == ["a"])
    #expect(outcome(" [\(item("a")) , \(item("b"))]\n", .json) == ["a", "b"])
    #expect(outcome("[]", .json) == [])
    #expect(outcome("\u{FEFF}\(item("a"))", .json) == ["a"])
  }

  @Test func refusesOneItemOfAnArrayForItsMeaning() {
    let deep = String(repeating: #"{"a":"#, count: 50) + "1" + String(repeating: "}", count: 50)
    let bad = [
      (#"{"user":"x","event":"view","ts":"soon","a":{"b":[{},{"c":"}]"}]}}"#, "invalid /1/ts"), ("5", "wrongType /1"),
      ("[[]]", "wrongType /1"), (#"{"user":"x"}"#, "missing /1/event"), ("null", "wrongType /1"),
      (
        #"{"user":"x","event":"view","a":\#(deep)}"#,
        "tooDeep /1" + String(repeating: "/a", count: 8)
      ),
    ]
    for (text, refusal) in bad {
      #expect(outcome("[\(item("a")),\(text),\(item("b"))]", .json) == ["a", refusal, "b"], "\(text)")
    }
  }

  @Test func readsNoFurtherThanJSONGoes() {
    let before = "[\(item("a")),"
    #expect(outcome(before + #"{"user":"x","event":tru},"# + item("b") + "]", .json) == ["a", "malformed /1/event"])
    #expect(outcome(before + #"{"user":5.5,"a":{"b":[1,{"c":tru}]}}]"#, .json) == ["a", "malformed /1/a/b/1/c"])
    #expect(outcome(before + "]", .json) == ["a", "malformed /1"])
    #expect(outcome(before, .json) == ["a", "malformed /1"])
    #expect(outcome("[\(item("a")) \(item("b"))]", .json) == ["a", "malformed /1"])
    #expect(outcome("[\(item("a"))", .json) == ["a", "malformed /1"])
    #expect(outcome("[\(item("a"))] x", .json) == ["a", "malformed "])
    let deep = outcome(before + String(repeating: "[", count: 100_000), .json)
    #expect(deep == ["a", "tooDeep /1" + String(repeating: "/0", count: 128)])
    #expect(outcome("\(item("a"))\n\(item("b"))", .json) == ["malformed "])
    #expect(outcome("hello", .json) == ["malformed "])
    #expect(outcome("", .json) == ["malformed "])
  }

  @Test func refusesOneLineForAnything() {
    let body = "\n\(item("a"))\r\n  \n{\"user\n\(item("b"))\n[\(item("c"))]\n{\"user\":\"u\"}\n\(item("d"))"
    #expect(outcome(body, .ndjson) == ["a", "malformed /1", "b", "wrongType /3", "missing /4/event", "d"])
    #expect(outcome("\u{FEFF}\(item("a"))\n", .ndjson) == ["a"])
    #expect(outcome("\(item("a")) \(item("b"))\n\(item("c"))", .ndjson) == ["malformed /0", "c"])
    #expect(outcome("\n\n", .ndjson) == ["malformed "])
  }

  @Test func limitsTheItemsOfABody() {
    var limits = Limits()
    limits.items = 2
    let items = ["a", "b", "c", "d"].map(item)
    #expect(outcome("[\(items.prefix(2).joined(separator: ","))]", .json, limits: limits) == ["a", "b"])
    #expect(outcome("[\(items.joined(separator: ","))]", .json, limits: limits) == ["a", "b", "tooMany /2"])
    #expect(outcome(items.prefix(2).joined(separator: "\n") + "\n\n", .ndjson, limits: limits) == ["a", "b"])
    #expect(outcome(items.joined(separator: "\n"), .ndjson, limits: limits) == ["a", "b", "tooMany /2"])
  }

  @Test func countsOffsetsFromTheStartOfTheBody() throws {
    let body = "\(item("a"))\n\(item("b"))\n{\"user\":true}\n"
    let refusal = try #require(failure(decoder.decode(body.utf8, as: .ndjson, now: nil).last))
    #expect(Array(body.utf8)[refusal.offset...].starts(with: Array("true".utf8)))
  }

  @Test func refusesTenMegabytesInAMoment() {
    let open = [UInt8](repeating: 0x7B, count: 1_000_000)
    #expect(decoder.decode(open, as: .json, now: nil).count == 1)
    let lines = [UInt8](repeating: 0x31, count: 1) + [UInt8](repeating: 0x0A, count: 1_000_000)
    #expect(decoder.decode(lines, as: .ndjson, now: nil).count == 1)
  }

  @Test func echoesNoAbsurdNames() {
    let name = String(repeating: "~", count: 100_000)
    let pointer = "/" + String(repeating: "~0", count: 64) + "..."
    #expect(outcome(#"{"user":"u","event":"view","\#(name)":1}"#, .json) == ["tooLong \(pointer)"])
    #expect(outcome(#"[5.5,{"\#(name)":tru}]"#, .json) == ["wrongType /0", "malformed /1\(pointer)"])
  }

  @Test func takesBytesThatDoNotLieTogether() {
    let scattered = item("a").utf8.lazy.map { $0 }.reversed().reversed()
    #expect(decoder.decode(line: scattered, now: .distantPast + .days(1)).map(\.user) == .success("a"))
  }

  @Test func neverTrapsOnAnyBytes() {
    var random = SeededGenerator(seed: 7)
    let alphabet = Array("{}[]\":,\\u0dD8eE+-.1tfn \n\u{0}é".utf8)
    for _ in 0..<4000 {
      let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
        Bool.random(using: &random) ? alphabet.randomElement(using: &random) ?? 0 : .random(in: 0...255, using: &random)
      }
      for format in [Format.json, .ndjson] {
        _ = EventDecoder().decode(bytes, as: format, now: Instant(milliseconds: .max))
        _ = ReceiptDecoder().decode(bytes, as: format, now: Instant(milliseconds: .min))
      }
      _ = ProfileDecoder().decode(line: bytes)
    }
  }

  @Test func describesItself() {
    let refusal = Refusal(.missing, pointer: "/3/ts", "'ts' is missing", hint: "say when", offset: 9)
    #expect(refusal.description == "/3/ts: 'ts' is missing (hint: say when)")
    #expect(Refusal(.malformed, "odd", offset: 9).description == "byte 9: odd")
  }
}

func failure<T>(_ result: Result<T, Refusal>?) -> Refusal? {
  if case .failure(let refusal)? = result { refusal } else { nil }
}
