import AttuneModel
import Materials
import Store

extension StoreConformance {
  /// The library of copies, and the search in it.
  public static let copies: [Check] = [
    Check("copies: saved and read") { place in
      var store = try place.reopen()
      try equal(try store.copies.copies(), [])
      let copies = [
        try copy(
          "b", "跑鞋 {{user}}", "\"quoted\", 'x'\n第二行", tags: ["x", "sale 1"],
          past: CopyCounts(sends: 9, clicks: 2, conversions: 1)),
        try LibraryCopy(id: "a", title: "t", body: "b", created: StoreSamples.at(3)),
      ]
      try equal(try store.copies.saveCopies(copies, at: StoreSamples.at(7)), CopyChanges(added: 2))
      store = try place.reopen()
      try equal(try store.copies.copies(), [copies[1], copies[0].replacing(nil, at: StoreSamples.at(7))])
    },
    Check("copies: saving again changes, removing forgets", savedAgain),
    Check("copies: words and pieces are found") { place in
      let store = try place.reopen()
      _ = try store.copies.saveCopies(
        [
          copy("run", "Nike跑鞋 限时大促", "快来"), copy("run2", "新跑鞋大促", "最后一天"),
          copy("tea", "明前龙井上新", "好茶配好鞋", tags: ["vip"]),
          copy("mix", "Free Nike shoes 🎁", "at the Café"),
        ], at: StoreSamples.at(1))
      for (query, ids) in searches {
        try equal(
          Set(try store.copies.searchCopies(SearchTerms(query), limit: 9)), Set(ids), "search for '\(query)'")
      }
    },
    Check("copies: the best match comes first") { place in
      let store = try place.reopen()
      _ = try store.copies.saveCopies(
        [copy("body", "一二三", "大促"), copy("title", "大促", "一二三"), copy("other", "一", "二", tags: ["大促"]), copy("no")],
        at: StoreSamples.at(1))
      try equal(try store.copies.searchCopies(SearchTerms("大促"), limit: 9), ["title", "other", "body"])
      try equal(try store.copies.searchCopies(SearchTerms("大促"), limit: 2), ["title", "other"])
    },
    // Beside a search through the texts themselves.
    Check("copies: any piece of a Chinese text is found, and nothing else") { place in
      for seed: UInt64 in 1...3 {
        var random = SeededGenerator(seed: seed)
        let characters: [Character] = ["跑", "鞋", "大", "促", "新"]
        func piece(_ length: ClosedRange<Int>) -> String {
          String(
            (0..<Int.random(in: length, using: &random)).map { _ in
              characters.randomElement(using: &random) ?? "新"
            })
        }
        let store = try place.reopen()
        let texts = (0..<40).map { _ in piece(1...8) }
        _ = try store.copies.saveCopies(texts.enumerated().map { try copy("c\($0)", $1, "x") }, at: StoreSamples.at(1))
        for _ in 0..<60 {
          let query = piece(1...4)
          let expected = texts.indices.filter { texts[$0].contains(query) }.map { "c\($0)" }
          try equal(
            Set(try store.copies.searchCopies(SearchTerms(query), limit: 99)), Set(expected), "seed \(seed), '\(query)'"
          )
        }
      }
    },
  ]

  @Sendable private static func savedAgain(_ place: Place) throws {
    let store = try place.reopen()
    _ = try store.copies.saveCopies(
      [copy("a", "春天", past: CopyCounts(sends: 5)), copy("b")], at: StoreSamples.at(1))
    let changes = try store.copies.saveCopies([copy("a", "夏天"), copy("b"), copy("c")], at: StoreSamples.at(2))
    try equal(changes, CopyChanges(added: 1, changed: 1, unchanged: 1))
    let a = try store.copies.copies().first
    try holds(
      a?.title == "夏天" && a?.created == StoreSamples.at(1) && a?.past?.counts.sends == 5, "what was brought along stays"
    )
    try equal(try store.copies.searchCopies(SearchTerms("春天"), limit: 9), [], "the old words are gone")
    try equal(try store.copies.searchCopies(SearchTerms("夏天"), limit: 9), ["a"])
    try equal(try store.copies.removeCopies(["a", "nobody", "a"]), 1)
    try equal(try store.copies.removeCopies(["a"]), 0)
    try equal(try store.copies.copies().map(\.id), ["b", "c"])
    try equal(try store.copies.searchCopies(SearchTerms("夏天"), limit: 9), [])
    try equal(try store.copies.saveCopies([copy("a", "夏天")], at: StoreSamples.at(3)), CopyChanges(added: 1))
    try equal(try store.copies.searchCopies(SearchTerms("夏天"), limit: 9), ["a"])
    try holds(try store.copies.copies().first?.past == nil, "what was brought along went with it")
  }

  private static func copy(
    _ id: String, _ title: String = "t", _ body: String = "b", tags: [String] = [], past: CopyCounts? = nil
  ) throws -> LibraryCopy {
    try LibraryCopy(
      id: id, title: title, body: body, tags: tags, scene: "feed", language: "zh-CN",
      past: past.map { LibraryCopy.Past(counts: $0, lastUsed: StoreSamples.at(9)) })
  }

  private static let searches: [(String, [String])] = [
    ("跑鞋", ["run", "run2"]), ("鞋", ["run", "run2", "tea"]), ("限时大促", ["run"]), ("鞋大", ["run2"]),
    ("nike", ["run", "mix"]), ("ni", ["run", "mix"]), ("NIKE 跑鞋", ["run"]), ("shoes free", ["mix"]), ("cafe", ["mix"]),
    ("上新", ["tea"]), ("龙", ["tea"]), ("新", ["tea", "run2"]), ("🎁", ["mix"]), ("vip", ["tea"]), ("鞋跑", []), ("ice", []),
    ("\"", []), ("", []), ("跑鞋\"", ["run", "run2"]), ("跑鞋 OR 龙", []), ("NOT 跑鞋", []), ("title:跑鞋", []),
    ("跑鞋*", ["run", "run2"]),
    ("(跑鞋", ["run", "run2"]), ("^跑鞋 - + NEAR/3", []), ("' ; DROP TABLE copy --", []), ("\u{0}跑鞋", ["run", "run2"]),
    ("𫝀", []),
  ]
}

extension StoreConformance {
  public static let notes: [Check] = [
    Check("notes: the last one under a name") { place in
      let store = try place.reopen()
      try equal(try store.notes.note("replay.of"), nil)
      try store.notes.setNote("replay.of", to: "a")
      try store.notes.setNote("replay.of", to: "b 漢")
      try equal(try place.reopen().notes.note("replay.of"), "b 漢")
    }
  ]
}
