import AttuneModel
import Materials
import Testing

@Suite struct TemplateTests {
  private func parse(_ text: String) -> (Template?, [Diagnostic]) {
    var diagnostics = Diagnostics()
    let template = Template(parsing: text, at: Mark(file: "b.yaml", line: 3, column: 10), &diagnostics)
    return (template, diagnostics.all)
  }

  private func render(
    _ text: String, _ values: [Property] = [], upTo limit: Int = 2000
  ) throws -> Result<String, MissingValue> {
    let (template, problems) = parse(text)
    #expect(problems.isEmpty)
    return try #require(template).render(upTo: limit) { values[$0] }
  }

  @Test func valuesFallbacksAndBraces() throws {
    let values = [
      Property("item.name", .string("lamp")), Property("n", .number(3)),
      Property("tags", .list([.string("a"), .bool(true)])),
    ]
    #expect(try render("{{item.name}} is waiting", values) == .success("lamp is waiting"))
    #expect(try render("{{ item.name | \"it\" }}!", values) == .success("lamp!"))
    #expect(try render("Hi {{profile.name|'friend'}}", values) == .success("Hi friend"))
    #expect(try render("{{n}} of {{tags}}", values) == .success("3 of a, true"))
    #expect(try render("{{ '{{' }}n{{ \"}}\" }}", values) == .success("{{n}}"))
    #expect(try render("{n} 50% | \"x\"", values) == .success("{n} 50% | \"x\""))
    #expect(try render("", values) == .success(""))
    #expect(try render("Hi {{item.nick}}", values) == .failure(MissingValue(field: "item.nick")))
  }

  /// No value to read is no value: a user never sees a gap.
  @Test(arguments: [
    Value.string(""), .string(" \n\t"), .string("\u{200B}"), .list([]), .number(.nan), .number(.infinity),
  ])
  func blankIsMissing(_ value: Value) throws {
    #expect(try render("a {{x}} b", [Property("x", value)]) == .failure(MissingValue(field: "x")))
    #expect(try render("a {{x | 'y'}} b", [Property("x", value)]) == .success("a y b"))
  }

  @Test func numbersAreShownForPeople() throws {
    let values = [
      Property("price", .number(19.99 - 9.99)), Property("third", .number(1.0 / 3)),
      Property("id", .number(2_026_113_012_345_678)),
      Property("text", .string("19.999")), Property("none", .number(.nan)),
    ]
    let shown = [
      ("{{price}}", "10"), ("{{price | money}}", "10.00"), ("{{third|round}}", "0"), ("{{third | round 2}}", "0.33"),
      ("{{third | round2 }}", "0.33"), ("{{third}}", "0.333333333333"),
      ("{{id}} {{id | round}}", "2026113012345678 2026113012345678"),
      ("{{id | money}}", "2026113012345678.00"), ("{{text | money}}", "19.999"), ("{{gone | money | 'soon'}}", "soon"),
      ("{{none | money | \"-\"}}", "-"), ("${{price | money}}", "$10.00"),
    ]
    for (template, text) in shown { #expect(try render(template, values) == .success(text), "\(template)") }
    #expect(parse("{{x | round 10}}").1.first?.message.contains("takes no such number") == true)
    #expect(parse("{{x | money 2}}").1.first?.message.contains("takes no such number") == true)
    #expect(parse("{{x | money | y}}").1.first?.message.contains("not in quotes") == true)
  }

  @Test(arguments: ["{% if profile.vip %}hi{% endif %}", "a ${item} b", "#{item}", "%{item}", "<% x %>"])
  func otherLanguagesAreWarnedOf(_ text: String) throws {
    let (template, told) = parse(text)
    #expect(try #require(template).render(upTo: 100) { _ in nil } == .success(text))
    #expect(
      told.count == 1 && told[0].severity == .warning && told[0].message.contains("is sent as it stands"), "\(told)")
  }

  @Test(arguments: ["50% {x} $ { #1 < % %", "{{ '${' }}", "$", "{", "#{{x}}"])
  func plainSignsAreNot(_ text: String) { #expect(parse(text).1.isEmpty) }

  @Test func namesOnceInOrder() throws {
    let template = try #require(parse("{{b}} {{a | 'x'}} {{b}} {{ 'c' }} {{商品.名称}}").0)
    #expect(template.names == ["b", "a", "商品.名称"])
  }

  @Test(arguments: [
    ("Hello {{item.name", 16, "'{{item.name' is not closed"),
    ("{{item.name}", 21, "unexpected '}'"),
    ("ab {{ x | 'y }}", 13, "is not closed"),
    ("x }} y", 12, "'}}' closes nothing"),
    ("{{}}", 12, "names no field"),
    ("{{{x}}}", 12, "names no field"),
    ("{{a..b}}", 12, "names no field"),
    ("{{.a}}", 12, "names no field"),
    ("{{item name}}", 17, "unexpected 'n'"),
    ("{{x | y}}", 16, "not in quotes"),
    ("{{x | “y”}}", 16, "not in quotes"),
    ("{{ 'a' 'b' }}", 17, "unexpected '''"),
    ("{{x | 'a' | 'b'}}", 20, "unexpected '|'"),
    ("你好 {{x", 13, "is not closed"),
  ])
  func mistakes(_ text: String, _ column: Int, _ message: String) {
    let (template, problems) = parse(text)
    #expect(template == nil)
    #expect(problems.map(\.mark) == [Mark(file: "b.yaml", line: 3, column: column)], "\(problems)")
    #expect(problems.allSatisfy { $0.message.contains(message) && $0.hint != nil }, "\(problems)")
  }

  /// The columns of a text over several lines are not those of the file.
  @Test func mistakeInSeveralLines() {
    #expect(parse("a\n{{").1.map(\.mark) == [Mark(file: "b.yaml", line: 3, column: 10)])
  }

  @Test(arguments: ["{{secret}}", "{{ '{{' }}", "}}", "{{", "' | \"", "{{x}}"])
  func valuesAreNeverReadAsTemplates(_ attack: String) throws {
    let values = [Property("x", .string(attack)), Property("y", .string("}}")), Property("secret", .string("S"))]
    #expect(try render("a {{x}} b", values) == .success("a \(attack) b"))
    #expect(try render("{{x}}{{y}}", values) == .success(attack + "}}"))
    #expect(try render("{{no | '{{secret}}'}}", values) == .success("{{secret}}"))
  }

  @Test func controlsInValues() throws {
    let value = Value.string("a\u{0}b\nc\u{1B}[31m\u{85}d\u{2028}e\u{7F}")
    #expect(try render("{{x}}", [Property("x", value)]) == .success("a b c [31m d e "))
    // What would turn the rest of the message around.
    let turned = Value.string("\u{202E}abc\u{2066}d\u{2069}")
    #expect(try render("{{x}}!", [Property("x", turned)]) == .success("abcd!"))
  }

  @Test func scriptsAndEmojiStayWhole() throws {
    for text in ["闲鱼上的二手灯", "مصباح قديم \u{200F}١٢", "👩‍👩‍👧‍👦🇨🇳", "e\u{301}", "क्षि", "می\u{200C}خواهم"] {
      let result = try render("«{{x}}»", [Property("x", .string(text))])
      #expect(Array(try result.get().unicodeScalars) == Array("«\(text)»".unicodeScalars))
    }
  }

  @Test func cutsAtGraphemes() throws {
    let family = "👩‍👩‍👧‍👦"
    let text = try render("{{x}}", [Property("x", .string(String(repeating: family, count: 30)))], upTo: 20).get()
    #expect(text == String(repeating: family, count: 19) + "…")
    #expect(
      try render("{{x}}", [Property("x", .string(String(repeating: "灯", count: 20)))], upTo: 20).get().count == 20)
    #expect(try render("ab{{x}}cd", [Property("x", .string("1234567"))], upTo: 10) == .success("ab1234567…"))
    // One letter under a mountain of marks is one character, and still too long.
    let mountain = "a" + String(repeating: "\u{301}", count: 5000)
    #expect(try render("x{{x}}", [Property("x", .string(mountain))], upTo: 20) == .success("x…"))
  }

  /// Random texts from the pieces of the syntax: parsed and rendered or refused, never a trap, never a placeholder
  /// left over, never too long.
  @Test func randomTemplates() {
    let pieces = [
      "{{", "}}", "{", "}", "|", "'", "\"", "x", "profile.name", ".", " ", "\n", "灯", "👩‍👩‍👧‍👦", "\u{301}", "\u{202E}", "\\",
      "… ",
    ]
    var parsed = 0
    for seed in UInt64(0)..<4000 {
      var random = SeededGenerator(seed: seed)
      let text = (0..<random.next() % 12).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
      let (template, problems) = parse(text)
      #expect((template == nil) == !problems.isEmpty, "seed \(seed): \(text)")
      guard let template else { continue }
      parsed += 1
      let limit = 1 + Int(random.next() % 30)
      guard case .success(let rendered) = template.render(upTo: limit, { _ in .string("v") }) else {
        Issue.record("seed \(seed): \(text)")
        continue
      }
      #expect(rendered.count <= limit, "seed \(seed): \(text)")
      #expect(rendered.contains("{{") == false || text.contains("'") || text.contains("\""), "seed \(seed): \(text)")
    }
    #expect(parsed > 500)
  }
}
