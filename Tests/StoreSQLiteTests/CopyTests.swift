import AttuneModel
import Materials
import Store
import StoreSQLite
import Testing

@Suite struct CopyTests {
  private let folder = StoreFolder()

  private func copy(
    _ id: String, _ title: String = "t", _ body: String = "b", tags: [String] = [], past: CopyCounts? = nil
  ) throws -> LibraryCopy {
    try LibraryCopy(
      id: id, title: title, body: body, tags: tags, scene: "feed", language: "zh-CN",
      past: past.map { LibraryCopy.Past(counts: $0, lastUsed: at(9)) })
  }

  @Test func savedAndRead() throws {
    var store = try folder.reopen()
    #expect(try store.copies.copies().isEmpty)
    let copies = [
      try copy(
        "b", "跑鞋 {{user}}", "\"quoted\", 'x'\n第二行", tags: ["x", "sale 1"],
        past: CopyCounts(sends: 9, clicks: 2, conversions: 1)),
      try LibraryCopy(id: "a", title: "t", body: "b", created: at(3)),
    ]
    #expect(try store.copies.saveCopies(copies, at: at(7)) == .init(added: 2))
    store = try folder.reopen()
    #expect(try store.copies.copies() == [copies[1], copies[0].replacing(nil, at: at(7))])
    #expect(try SQLiteStore.read(folder.path).copies.copies().map(\.id) == ["a", "b"])
  }

  @Test func savingAgainUpdates() throws {
    let store = try folder.reopen()
    _ = try store.copies.saveCopies([copy("a", "春天", past: CopyCounts(sends: 5)), copy("b")], at: at(1))
    let changes = try store.copies.saveCopies([copy("a", "夏天"), copy("b"), copy("c")], at: at(2))
    #expect(changes == .init(added: 1, changed: 1, unchanged: 1))
    let a = try #require(try store.copies.copies().first)
    #expect(a.title == "夏天" && a.created == at(1) && a.past?.counts.sends == 5)
    #expect(try store.copies.searchCopies(SearchTerms("春天"), limit: 9).isEmpty, "the old words are gone")
    #expect(try store.copies.searchCopies(SearchTerms("夏天"), limit: 9) == ["a"])
    #expect(try store.copies.removeCopies(["a", "nobody", "a"]) == 1)
    #expect(try store.copies.removeCopies(["a"]) == 0)
    #expect(try store.copies.copies().map(\.id) == ["b", "c"])
    #expect(try store.copies.searchCopies(SearchTerms("夏天"), limit: 9).isEmpty)
    #expect(try store.copies.saveCopies([copy("a", "夏天")], at: at(3)) == .init(added: 1))
    #expect(try store.copies.searchCopies(SearchTerms("夏天"), limit: 9) == ["a"])
    #expect(try store.copies.copies().first?.past == nil, "what was brought along went with it")
  }

  @Test(arguments: [
    ("跑鞋", ["run", "run2"]), ("鞋", ["run", "run2", "tea"]), ("限时大促", ["run"]), ("鞋大", ["run2"]),
    ("nike", ["run", "mix"]), ("ni", ["run", "mix"]), ("NIKE 跑鞋", ["run"]), ("shoes free", ["mix"]), ("cafe", ["mix"]),
    ("上新", ["tea"]), ("龙", ["tea"]), ("新", ["tea", "run2"]), ("🎁", ["mix"]), ("vip", ["tea"]), ("鞋跑", []), ("ice", []),
    ("\"", []), ("", []), ("跑鞋\"", ["run", "run2"]), ("跑鞋 OR 龙", []), ("NOT 跑鞋", []), ("title:跑鞋", []),
    ("跑鞋*", ["run", "run2"]),
    ("(跑鞋", ["run", "run2"]), ("^跑鞋 - + NEAR/3", []), ("' ; DROP TABLE copy --", []), ("\u{0}跑鞋", ["run", "run2"]),
    ("𫝀", []),
  ])
  func found(query: String, ids: [String]) throws {
    let store = try folder.reopen()
    _ = try store.copies.saveCopies(
      [
        copy("run", "Nike跑鞋 限时大促", "快来"), copy("run2", "新跑鞋大促", "最后一天"), copy("tea", "明前龙井上新", "好茶配好鞋", tags: ["vip"]),
        copy("mix", "Free Nike shoes 🎁", "at the Café"),
      ], at: at(1))
    #expect(Set(try store.copies.searchCopies(SearchTerms(query), limit: 9)) == Set(ids), "\(query)")
  }

  @Test func theBestMatchComesFirst() throws {
    let store = try folder.reopen()
    _ = try store.copies.saveCopies(
      [copy("body", "一二三", "大促"), copy("title", "大促", "一二三"), copy("other", "一", "二", tags: ["大促"]), copy("no")],
      at: at(1))
    #expect(try store.copies.searchCopies(SearchTerms("大促"), limit: 9) == ["title", "other", "body"])
    #expect(try store.copies.searchCopies(SearchTerms("大促"), limit: 2) == ["title", "other"])
  }

  /// Every piece of every text finds it, and nothing else does: beside a search through the texts themselves.
  @Test(arguments: [1, 2, 3] as [UInt64]) func anyPieceOfAChineseTextIsFound(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let characters: [Character] = ["跑", "鞋", "大", "促", "新"]
    let store = try folder.reopen()
    func piece(_ length: ClosedRange<Int>) -> String {
      String((0..<Int.random(in: length, using: &random)).map { _ in characters.randomElement(using: &random) ?? "新" })
    }
    let texts = (0..<40).map { _ in piece(1...8) }
    _ = try store.copies.saveCopies(texts.enumerated().map { try copy("c\($0)", $1, "x") }, at: at(1))
    for _ in 0..<60 {
      let query = piece(1...4)
      let expected = texts.indices.filter { texts[$0].contains(query) }.map { "c\($0)" }
      #expect(
        Set(try store.copies.searchCopies(SearchTerms(query), limit: 99)) == Set(expected), "seed \(seed), \(query)")
    }
  }

  @Test func aStoreMadeBeforeThereWasALibrary() throws {
    try folder.makePrevious()
    try folder.change("DROP TABLE copy; DROP TABLE copy_terms")
    let reader = try SQLiteStore.read(folder.path)
    #expect(try reader.copies.copies().isEmpty && reader.copies.searchCopies(SearchTerms("a"), limit: 1).isEmpty)
    #expect(try folder.reopen().copies.saveCopies([copy("a")], at: at(1)) == .init(added: 1))
    #expect(
      code { _ = try SQLiteStore.read(folder.path).copies.saveCopies([copy("a", "new")], at: at(1)) } == .readOnly)
  }

  @Test func aStoreMadeBeforeConversionsWereCounted() throws {
    try folder.makePrevious()
    try folder.change(
      """
      INSERT INTO copy (id, title, body, tags, scene, language, created, sends, deliveries, clicks, opt_outs, last_used)
      VALUES ('a', 't', 'b', '', 'feed', 'zh-CN', 1000, 9, 0, 2, 3, 9000);
      ALTER TABLE copy DROP COLUMN conversions
      """)
    let copies = [try copy("a", past: CopyCounts(sends: 9, clicks: 2, conversions: 1, optOuts: 3))]
    let kept = CopyCounts(sends: 9, clicks: 2, optOuts: 3)
    #expect(try SQLiteStore.read(folder.path).copies.copies().first?.past?.counts == kept)
    let again = try folder.reopen()
    #expect(try again.copies.copies().first?.past?.counts == kept)
    #expect(try again.copies.saveCopies(copies, at: at(2)) == .init(changed: 1))
    #expect(try again.copies.copies().first?.past == copies[0].past)
  }

  @Test func messagesByMaterial() throws {
    let store = try folder.reopen()
    var tally = Tally()
    for business in ["x", "y"] {
      tally.add(Tally.Key(day: 1, stage: .taken, source: .rule("r"), business: business, detail: "m"), 2)
      tally.add(Tally.Key(day: 1, stage: .taken, business: business), 5)
      tally.add(Tally.Key(day: 2, stage: .refused, source: .rule("r"), business: business, detail: "consent"), 2)
    }
    try store.history.index([Projection(batch: 1, users: [], tally: tally)])
    var expected = Tally()
    expected.add(Tally.Key(day: 1, stage: .taken, detail: "m"), 4)
    #expect(try store.history.messages([.taken, .opened]) == expected)
    #expect(try store.history.messages([]) == Tally())
  }
}
