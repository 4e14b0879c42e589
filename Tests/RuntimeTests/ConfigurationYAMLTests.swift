import AttuneModel
import Runtime
import Testing

@Suite struct ConfigurationYAMLTests {
  private func read(_ text: String) -> (nodes: [Node], diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    let nodes = YAMLReader.documents(text, file: "r.yaml", &diagnostics)
    return (nodes, diagnostics)
  }
  private func errors(_ text: String) -> [String] { read(text).diagnostics.errors.map(\.description) }

  /// A node as `line:column=text`, so that marks can be compared at a glance; quoted text in quotes.
  private func written(_ node: Node) -> String {
    let place = "\(node.mark.line):\(node.mark.column)="
    switch node.content {
    case .null: return place + "null"
    case .scalar(let text, let quoted): return place + (quoted ? "'\(text)'" : text)
    case .sequence(let nodes): return place + "[" + nodes.map(written).joined(separator: " ") + "]"
    case .mapping(let entries):
      let pairs = entries.map { "\($0.keyMark.line):\($0.keyMark.column) \($0.key) \(written($0.value))" }
      return place + "{" + pairs.joined(separator: " ") + "}"
    }
  }

  @Test func marksAreExact() {
    let text = """
      # a comment
      rule: 咸鱼 规则
      pattern:
        - on: view
          where: "price >= 50"
        - { not: buy, for: 30m }
      名称: { 键: 'a', b: "灯" , c: [x, 👩‍👩‍👧‍👦, y] }
      """
    let (nodes, diagnostics) = read(text)
    #expect(diagnostics.all.isEmpty)
    #expect(
      nodes.map(written) == [
        "2:1={2:1 rule 2:7=咸鱼 规则 3:1 pattern 4:3=[4:5={4:5 on 4:9=view 5:5 where 5:12='price >= 50'} "
          + "6:5={6:7 not 6:12=buy 6:17 for 6:22=30m}] "
          + "7:1 名称 7:5={7:7 键 7:10='a' 7:15 b 7:18='灯' 7:24 c 7:27=[7:28=x 7:31=👩‍👩‍👧‍👦 7:40=y]}}"
      ])
    #expect(nodes.first?.mark.file == "r.yaml")
  }

  @Test func documents() {
    #expect(read("").nodes.isEmpty)
    #expect(read("# nothing\n").nodes.isEmpty)
    #expect(
      read("---\n---\na: 1\n---\n# no\n---\nb: 2\n...\n").nodes.map(written) == [
        "3:1={3:1 a 3:4=1}", "7:1={7:1 b 7:4=2}",
      ])
    #expect(read("\u{FEFF}a: 1").nodes.map(written) == ["1:1={1:1 a 1:4=1}"])
    #expect(read("a: 1\r\nb: 2\r\n").nodes.map(written) == ["1:1={1:1 a 1:4=1 2:1 b 2:4=2}"])
  }

  @Test func scalarsStayText() {
    let text = """
      on: view
      yes: [no, off, True, 0x1F, 1_000, 12:30, 2021-07-01, .inf, 007, "null", 'true', ~, null, , "", !!str 5, !!int 5]
      """
    #expect(
      read(text.replacing("null, ,", with: "null,")).nodes.map(written) == [
        "1:1={1:1 on 1:5=view 2:1 yes 2:6=[2:7=no 2:11=off 2:16=True 2:22=0x1F 2:28=1_000 2:35=12:30 2:42=2021-07-01 "
          + "2:54=.inf 2:60=007 2:65='null' 2:73='true' 2:81=null 2:84=null 2:90='' 2:94='5' 2:103=5]}"
      ])
    #expect(
      read("a:\nb: |\n  x\n  y\nc: >\n  x\n").nodes.map(written) == [
        "1:1={1:1 a 1:3=null 2:1 b 2:4='x\ny\n' 5:1 c 5:4='x\n'}"
      ])
  }

  @Test(arguments: [
    ("a: b: c", "r.yaml:1:5: error: mapping values are not allowed in this context"),
    ("a:\n\tb: c", "r.yaml:2:1: error: found character that cannot start any token"),
    ("a: 'x", "r.yaml:1:6: error: found unexpected end of stream (while scanning a quoted scalar, from line 1)"),
    (
      "a: [1, 2\nb: 3",
      "r.yaml:2:2: error: did not find expected ',' or ']' (while parsing a flow sequence, from line 1)"
    ),
    ("a: 1\n  b: 2", "r.yaml:2:4: error: mapping values are not allowed in this context"),
    ("a: *none", "r.yaml:1:4: error: found undefined alias"),
    ("a: 1\nb: 2\nc: 3\na: 4", "r.yaml:1:1: error: 'a' given twice in one mapping (hint: keep one of them)"),
    ("a: 1\nb: 咸\u{1}鱼", "r.yaml:2:5: error: control characters are not allowed (U+1)"),
    ("a: {{item.name}}", "r.yaml:1:5: error: a key must be text"),
    ("? [a, b]\n: c", "r.yaml:1:3: error: a key must be text"),
    ("a: !!python/object x", "r.yaml:1:4: error: the tag 'tag:yaml.org,2002:python/object' has no meaning here"),
    ("a: !mine {b: 1}", "r.yaml:1:4: error: the tag '!mine' has no meaning here"),
    ("a: !!binary aGk=", "r.yaml:1:4: error: the tag 'tag:yaml.org,2002:binary' has no meaning here"),
    ("a: \"\\ud800\"", "r.yaml:1:7: error: found invalid Unicode character escape code"),
  ])
  func mistakes(_ text: String, _ error: String) {
    #expect(errors(text).first?.hasPrefix(error) == true, "\(errors(text))")
  }

  @Test func hintsForCommonMistakes() {
    for text in ["a: b: c", "a:\n\tb: c", "a: 'x", "a: {{item.name}}", "a: {{item.name}} waits", "a: @x"] {
      #expect(read(text).diagnostics.errors.first?.hint != nil, "\(text)")
    }
  }

  @Test func aliases() {
    #expect(
      read("a: &x {b: 1}\nc: *x\nd: [*x, &y 灯, *y]").nodes.map(written) == [
        "1:1={1:1 a 1:4={1:8 b 1:11=1} 2:1 c 1:4={1:8 b 1:11=1} 3:1 d 3:4=[1:4={1:8 b 1:11=1} 3:9=灯 3:9=灯]}"
      ])
    // Stars and ampersands in ordinary text are neither.
    let text = String(repeating: "- a *b* & 2*c R&D **d**\n", count: 100)
    #expect(read(text).diagnostics.all.isEmpty)
  }

  /// A few lines that would be a thousand million values, written as values and as keys.
  @Test func bombs() {
    let levels = (1...9).map {
      "l\($0): &l\($0) [" + Array(repeating: "*l\($0 - 1)", count: 9).joined(separator: ", ") + "]"
    }
    let bomb = (["l0: &l0 x"] + levels).joined(separator: "\n")
    #expect(errors(bomb).first?.contains("too many aliases") == true)
    #expect(errors(bomb).first?.hasPrefix("r.yaml:3:") == true, "\(errors(bomb))")
    let long = "a: &a x\nb: *a\nc: " + String(repeating: "y", count: 70_000)
    #expect(errors(long).first?.contains("too many aliases") == true)
    // The most that is let through, as a key, the dearest place for it.
    let base = "- &l0 [" + Array(repeating: "1", count: 5000).joined(separator: ",") + "]"
    let three = (1...5).map { "- &l\($0) [*l\($0 - 1), *l\($0 - 1), *l\($0 - 1)]" }
    let key = ([base] + three + ["- ? *l5\n  : x"]).joined(separator: "\n")
    #expect(errors(key).isEmpty == false)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: ", "- - a:\n "])
  func bottomlessNesting(_ piece: String) {
    #expect(errors(String(repeating: piece, count: 200_000)).isEmpty == false)
    #expect(errors(String(repeating: piece, count: 900)).isEmpty == false)
  }

  @Test func depthThatIsAllowed() {
    let text = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(errors(text(64)).isEmpty)
    #expect(errors(text(65)) == ["r.yaml:1:65: error: nested deeper than 64 levels"])
    // What is read can also be stored.
    #expect(throws: Never.self) {
      try ConfigurationSource(decoding: ConfigurationSource(rules: read(text(64)).nodes).encoded())
    }
  }

  @Test func manyValues() {
    #expect(
      errors("[" + String(repeating: "1,", count: 100_001) + "]").map { $0.contains("more than 100000 values") } == [
        true
      ])
  }

  /// Random pieces of YAML: read or refused, never a trap; every error has a place in the text.
  @Test func randomText() {
    let pieces = [
      "a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "'", "\"", "\\", "*x", "&x ", "!!str ", "? ", "|", ">", "#",
      "---\n",
      "...\n", "灯", "\t", "\u{0}", "\u{FEFF}", "%YAML 1.2\n", "<<", "~", "\u{85}", "\u{2028}", "👩‍👩‍👧‍👦", "\r\n",
    ]
    var good = 0
    for seed in UInt64(0)..<5000 {
      var random = SeededGenerator(seed: seed)
      let text = (0..<random.next() % 16).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
      let (_, diagnostics) = read(text)
      if diagnostics.all.isEmpty { good += 1 }
      for problem in diagnostics.all {
        #expect(problem.mark.line >= 1 && problem.mark.column >= 1, "seed \(seed): \(problem)")
      }
    }
    #expect(good > 500)
  }
}
