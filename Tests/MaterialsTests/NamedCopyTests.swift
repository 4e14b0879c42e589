import AttuneModel
import Learning
import Materials
import Testing

/// Copies of the library that a campaign names.
@Suite struct NamedCopyTests {
  private func scalar(_ text: String, _ line: Int = 1) -> Node {
    Node(.scalar(text, quoted: false), mark: Mark(file: "f", line: line, column: 1))
  }

  private func mapping(_ entries: [(String, Node)], _ line: Int = 1) -> Node {
    let mark = Mark(file: "f", line: line, column: 1)
    return Node(.mapping(entries.map { Node.Entry(key: $0.0, keyMark: mark, value: $0.1) }), mark: mark)
  }

  private func document(_ materials: [Node]) -> Node {
    mapping([
      ("campaign", scalar("spring")),
      ("materials", Node(.sequence(materials), mark: Mark(file: "f", line: 2, column: 1))),
    ])
  }

  private func library() throws -> CopyLibrary {
    let copies = try (0..<5).map { index in
      try LibraryCopy(
        id: "c\(index)", title: "跑鞋 {{user}}", body: "大促\(index)",
        past: LibraryCopy.Past(counts: CopyCounts(sends: 1000, clicks: 20 + 10 * index)))
    }
    return CopyLibrary(copies, histories: [:], today: 0)
  }

  private func materials(_ document: Node) throws -> (MaterialSet?, [String]) {
    var diagnostics = Diagnostics()
    let list = try #require(document["materials"])
    let materials = MaterialSet(reading: list, choose: scalar("learned"), known: [], &diagnostics)
    return (materials, diagnostics.errors.map(\.message))
  }

  @Test func spelledOut() throws {
    let library = try library()
    let own = mapping([("id", scalar("own")), ("title", scalar("t")), ("body", scalar("b"))], 3)
    let document = document([mapping([("copy", scalar("c3")), ("weight", scalar("2"))]), own])
    var diagnostics = Diagnostics()
    let spelled = document.spellingOut(library, &diagnostics)
    #expect(diagnostics.all.isEmpty)
    let (read, errors) = try materials(spelled)
    let all = try #require(read?.all)
    #expect(errors.isEmpty && all.map(\.id) == ["c3", "own"] && all[0].weight == 2 && all[1].prior == nil)
    let prior = try #require(all[0].prior)
    let expected = library.prior(for: try #require(library["c3"]?.copy))
    #expect(abs(prior.mean - expected.mean) < 1e-12 && abs(prior.strength - expected.strength) < 1e-6)
    #expect(spelled["campaign"] == document["campaign"])
    #expect(spelled.spellingOut(library, &diagnostics) == spelled, "once is enough")
    let bytes = spelled.encoded()
    #expect(try Node(decoding: bytes) == spelled)
  }

  /// What is launched again is the same, whatever has been learned meanwhile.
  @Test func theSameButForItsPriors() throws {
    let document = document([mapping([("copy", scalar("c3"))])])
    var diagnostics = Diagnostics()
    let copies = try library().standings.map(\.copy)
    var history = CopyHistory()
    history.add(CopyCounts(sends: 1000, clicks: 500), on: 3)
    let before = document.spellingOut(try library(), &diagnostics)
    let after = document.spellingOut(CopyLibrary(copies, histories: ["c3": history], today: 9), &diagnostics)
    #expect(before != after && before.withoutPriors == after.withoutPriors)
    let other = self.document([mapping([("copy", scalar("c2"))])]).spellingOut(try library(), &diagnostics)
    #expect(other.withoutPriors != after.withoutPriors)
  }

  /// What can be checked without the library is: ids, weights, and that nothing else is said.
  @Test func standingIn() throws {
    var diagnostics = Diagnostics()
    let stand = document([mapping([("copy", scalar("c3")), ("weight", scalar("2"))])]).standingIn(&diagnostics)
    let (read, errors) = try materials(stand)
    #expect(errors.isEmpty && diagnostics.all.isEmpty && !stand.namesCopies)
    #expect(read?.all.map(\.id) == ["c3"] && read?.all.first?.weight == 2 && read?.all.first?.prior == nil)
    let odd = document([
      mapping([("copy", scalar("c3")), ("title", scalar("t"))], 7), mapping([("copy", scalar("{{x"))]),
      mapping([("copy", Node(.null, mark: Mark(file: "f", line: 9, column: 1)))]),
    ]).standingIn(&diagnostics)
    #expect(diagnostics.errors.map(\.mark.line) == [7])
    #expect(try materials(odd).1 == ["'{{x' cannot be a material's id", "a material has no 'id'"])
  }

  @Test func mistakes() throws {
    let library = try library()
    var diagnostics = Diagnostics()
    _ = document([
      mapping([("copy", scalar("c9", 5))]), mapping([("copy", scalar("c1")), ("title", scalar("t"))], 6),
    ]).spellingOut(library, &diagnostics)
    #expect(
      diagnostics.errors.map(\.description) == [
        "f:5:1: error: there is no copy 'c9' in the library (hint: did you mean 'c0'?)",
        "f:6:1: error: a copy of the library brings its own 'title' (hint: leave out this, or 'copy')",
      ])
    #expect(
      try materials(document([mapping([("copy", scalar("c1"))])])).1 == [
        "only a campaign can name a copy of the library"
      ]
    )
    let odd = mapping([
      ("id", scalar("a")), ("title", scalar("t")), ("body", scalar("b")), ("prior", mapping([("rate", scalar("2"))])),
    ])
    #expect(try materials(document([odd])).1.count == 2)
    for node in [scalar("x"), mapping([("materials", scalar("x"))]), document([scalar("x")])] {
      #expect(node.spellingOut(library, &diagnostics) == node && node.withoutPriors == node)
    }
  }
}
