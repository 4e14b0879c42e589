import AttuneModel
import Codec
import Runtime
import Testing

/// JSON is read as JSON, with the places that YAML would give.
@Suite struct JSONConfigurationTests {
  private func read(_ text: String, file: String = "campaign") -> (nodes: [Node], errors: [String]) {
    var diagnostics = Diagnostics()
    let nodes = YAMLReader.documents(text, file: file, &diagnostics)
    return (nodes, diagnostics.errors.map(\.description))
  }

  @Test(arguments: ["campaign.json", "campaign.yaml", "campaign"]) func surrogatePairsAreCharacters(file: String) {
    for text in [#"{"title": "\ud83d\ude00 & \u00e9\/"}"#, "\u{FEFF}\n  " + #"{"title":"\uD83D\uDE00 & \u00e9/"}"#] {
      let (nodes, errors) = read(text, file: file)
      #expect(errors.isEmpty && nodes.first?["title"]?.content == .scalar("😀 & é/", quoted: true), "\(errors)")
    }
  }

  /// Any JSON without surrogate pairs: YAML reads it too, here behind a comment.
  @Test func placesAreThoseOfYAML() {
    for seed in UInt64(1)...60 {
      var generator = Generator(seed: seed)
      let json = generator.json(depth: 4)
      let (nodes, errors) = read("[" + json + "]")
      let (yaml, _) = read("# a comment\n[" + json + "]")
      #expect(errors.isEmpty && nodes.count == 1, "seed \(seed): \(errors) \(json)")
      #expect(nodes.map { written($0, lines: 0) } == yaml.map { written($0, lines: 1) }, "seed \(seed): \(json)")
    }
  }

  /// Of the control characters line breaks and tabs alone, in YAML and in JSON alike; and one spelling of `é`.
  @Test func oneRuleForTexts() {
    for (text, place) in [
      (#"{"a": "b", "body": "x\u0007"}"#, "campaign:1:20"), (#"{"body": "\u0000"}"#, "campaign:1:10"),
      (#"body: "x\a""#, "campaign:1:7"), (#"list: [u1, "u\0"]"#, "campaign:1:12"), (#"body: "\e[31m""#, "campaign:1:7"),
    ] {
      #expect(
        read(text).errors.first?.hasPrefix(place + ": error: it has a control character") == true, "\(read(text))")
    }
    for text in [#"{"body": "a\nb\tc\r\nd"}"#, #"body: "a\nb\tc\r\nd""#, "body: |\n  a\n  b\n"] {
      #expect(read(text).errors.isEmpty, "\(text)")
    }
    for text in ["{\"cafe\u{301}\": \"cafe\u{301}\"}", #"{"cafe\u0301": "cafe\u0301"}"#, "cafe\u{301}: cafe\u{301}"] {
      guard case .mapping(let entries)? = read(text).nodes.first?.content else { return #expect(Bool(false)) }
      #expect(entries.map { Array($0.key.utf8) } == [Array("caf\u{E9}".utf8)], "\(text)")
      #expect(entries.map { Array(($0.value.scalar ?? "").utf8) } == [Array("caf\u{E9}".utf8)], "\(text)")
    }
  }

  @Test func mistakesHaveTheirPlaces() {
    for (text, file, place) in [
      ("{\"a\": 1,\n \"é\": tru}", "a.json", "a.json:2:7: error: expected a value, found 'tru'"),
      ("{\"a\": 1,\n \"a\": 2}", "a.json", "a.json:2:2: error: 'a' given twice in one mapping"),
      ("{\"a\": \"\\ud83d\"}", "a", "a:1:8: error: half of a surrogate pair"),
      ("a: 1", "a.json", "a.json:1:1: error: expected a value, found 'a'"),
      ("{\"a\": 1} {\"b\": 2}", "a.json", "a.json:1:10: error: expected the end, found '{'"),
    ] {
      let (_, errors) = read(text, file: file)
      #expect(errors.count == 1 && errors[0].hasPrefix(place), "\(errors)")
    }
    // YAML in braces stays YAML, also where its first name is in quotes.
    for text in ["{ a: b, c: [d] }", "{ \"a\": b }", "{\"a\": 1,}", "[a, b]", "{\"a\": 1}\n---\n{\"b\": 2}"] {
      #expect(read(text).errors.isEmpty && !read(text).nodes.isEmpty, "\(text): \(read(text).errors)")
    }
  }

  private func written(_ node: Node, lines: Int) -> String {
    let place = "\(node.mark.line - lines):\(node.mark.column)="
    switch node.content {
    case .null: return place + "null"
    case .scalar(let text, let quoted): return place + (quoted ? "'\(text)'" : text)
    case .sequence(let nodes): return place + "[" + nodes.map { written($0, lines: lines) }.joined(separator: " ") + "]"
    case .mapping(let entries):
      let pairs = entries.map { entry in
        "\(entry.keyMark.line - lines):\(entry.keyMark.column) \(entry.key) \(written(entry.value, lines: lines))"
      }
      return place + "{" + pairs.joined(separator: " ") + "}"
    }
  }
}

/// Random JSON with random white space.
private struct Generator {
  private var state: UInt64
  private var names = 0

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  private mutating func below(_ count: UInt64) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % count)
  }

  private mutating func space() -> String { ["", "", " ", "\n ", "  "][below(5)] }

  private mutating func text() -> String {
    #"""# + ["a", "咸鱼", "👩‍👩‍👧‍👦", "x: y", "# no", #"\u00e9"#, #"a\"b"#, "5", ""][below(9)] + #"""#
  }

  mutating func json(depth: Int) -> String {
    switch below(depth > 0 ? 8 : 5) {
    case 0: return "null"
    case 1: return ["true", "false"][below(2)]
    case 2: return ["0", "-3", "1.5", "1e3", "12345678901234567890"][below(5)]
    case 3, 4: return text()
    case 5:
      let items = (0..<below(4)).map { _ in space() + json(depth: depth - 1) + space() }
      return "[" + items.joined(separator: ",") + "]"
    default:
      let members = (0..<below(4)).map { _ in
        names += 1
        return space() + #""k\#(names)": "# + json(depth: depth - 1) + space()
      }
      return "{" + members.joined(separator: ",") + "}"
    }
  }
}
