import AttuneModel
import Testing

@Suite struct FieldsTests {
  private func mark(_ line: Int) -> Mark { Mark(file: "a.yaml", line: line, column: 1) }
  private func scalar(_ text: String, quoted: Bool = false, _ line: Int = 1) -> Node {
    Node(.scalar(text, quoted: quoted), mark: mark(line))
  }
  private func mapping(_ pairs: [(String, Node)]) -> Node {
    let entries = pairs.enumerated().map { Node.Entry(key: $1.0, keyMark: mark($0 + 1), value: $1.1) }
    return Node(.mapping(entries), mark: mark(1))
  }

  @Test func takesRequiresAndFinishes() throws {
    var diagnostics = Diagnostics()
    let node = mapping([("on", scalar("view")), ("weight", Node(.null, mark: mark(2))), ("tmes", scalar("3"))])
    var fields = try #require(Fields(node, "a step", &diagnostics))
    #expect(fields.take("on")?.scalar == "view")
    #expect(fields.take("on") == nil)
    #expect(fields.require("weight", &diagnostics) == nil)
    #expect(fields.take("times") == nil)
    fields.finish(&diagnostics)
    #expect(
      diagnostics.description == """
        a.yaml:1:1: error: a step has no 'weight'
        a.yaml:3:1: error: a step has no key 'tmes' (hint: did you mean 'times'?)
        """)
  }

  @Test func tellsDuplicatesAtTheSecond() throws {
    var diagnostics = Diagnostics()
    var fields = try #require(
      Fields(mapping([("a", scalar("1")), ("b", scalar("2")), ("a", scalar("3"))]), "a rule", &diagnostics))
    #expect(diagnostics.errors.map(\.mark) == [mark(3)])
    #expect(fields.take("a")?.scalar == "1")
    #expect(fields.takeRest().map(\.key) == ["b"])
    fields.finish(&diagnostics)
    #expect(diagnostics.errors.count == 1)
  }

  @Test func refusesWhatIsNoMapping() {
    var diagnostics = Diagnostics()
    #expect(Fields(scalar("x"), "a rule", &diagnostics) == nil)
    #expect(diagnostics.errors.count == 1)
  }

  @Test func scalarsAreAskedToBeSomething() {
    var diagnostics = Diagnostics()
    #expect(scalar("12").integer("n", &diagnostics) == 12)
    #expect(scalar("0.5").number("n", in: 0...1, &diagnostics) == 0.5)
    #expect(scalar("true").bool("b", &diagnostics) == true)
    #expect(scalar("4h").span("s", &diagnostics) == .hours(4))
    #expect(scalar("each").choice("c", of: ["each", "restart"], &diagnostics) == "each")
    #expect(scalar("price-drop.v2_咸鱼").name("a name", &diagnostics) == "price-drop.v2_咸鱼")
    #expect(diagnostics.all.isEmpty)
    #expect(scalar("12", quoted: true).integer("n", &diagnostics) == nil)
    for text in ["010", "-010", "+08", "00"] {
      var told = Diagnostics()
      #expect(scalar(text).integer("n", in: -20...20, &told) == nil)
      #expect(told.errors.first?.hint?.hasPrefix("write ") == true, "\(told)")
    }
    #expect(scalar("0").integer("n", &diagnostics) == 0 && scalar("0.5").number("n", in: 0...1, &diagnostics) == 0.5)
    #expect(scalar("010.5").number("n", in: 0...20, &diagnostics) == nil)
    #expect(scalar("13").integer("n", in: 0...12, &diagnostics) == nil)
    #expect(scalar("nan").number("n", in: 0...1, &diagnostics) == nil)
    #expect(scalar("yes").bool("b", &diagnostics) == nil)
    #expect(scalar("4 hours").span("s", &diagnostics) == nil)
    #expect(scalar("eech").choice("c", of: ["each", "restart"], &diagnostics) == nil)
    #expect(scalar("a b").name("a name", &diagnostics) == nil)
    #expect(scalar("").text("a text", &diagnostics) == nil)
    #expect(diagnostics.errors.count == 9)
    #expect(diagnostics.errors.contains { $0.hint == "did you mean 'each'?" })
  }

  @Test func shares() {
    for (text, share) in [("5%", 0.05), ("0%", 0), ("100%", 1), ("0.5%", 0.005), ("12.5%", 0.125)] {
      var diagnostics = Diagnostics()
      #expect(scalar(text).share("a share", &diagnostics) == share && diagnostics.all.isEmpty, "\(text)")
    }
    for text in ["", "%", "5", "0.05", "5 %", "%5", "-1%", "100.1%", "nan%", "inf%", "5%%", "5% "] {
      var diagnostics = Diagnostics()
      #expect(scalar(text).share("a share", hint: "write 7%", &diagnostics) == nil, "\(text)")
      #expect(diagnostics.description == "a.yaml:1:1: error: expected a share, 0% to 100% (hint: write 7%)")
    }
    #expect(Double(percent: "-1%", in: -100...100) == -0.01 && Double(percent: "-101%", in: -100...100) == nil)
  }

  @Test func valuesOfScalars() {
    #expect(scalar("5").value == .number(5))
    #expect(scalar("5", quoted: true).value == .string("5"))
    #expect(scalar("true").value == .bool(true))
    for word in ["yes", "no", "on", "off", "True", "nan", "inf"] { #expect(scalar(word).value == .string(word)) }
    #expect(Node(.sequence([scalar("a"), scalar("1")]), mark: mark(1)).value == .list([.string("a"), .number(1)]))
    #expect(mapping([]).value == nil)
  }

  @Test func nearestWord() {
    let words = ["fixed", "weighted", "learned"]
    #expect(nearest(to: "fixd", among: words) == "fixed")
    #expect(nearest(to: "wieghted", among: words) == "weighted")
    #expect(nearest(to: "random", among: words) == nil)
    #expect(nearest(to: "", among: words) == nil)
    #expect(nearest(to: "x", among: []) == nil)
    #expect(nearest(to: "标提", among: ["标题", "正文"]) == "标题")
    #expect(nearest(to: String(repeating: "y", count: 100_000), among: words) == nil)
  }
}
