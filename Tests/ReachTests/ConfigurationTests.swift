import AttuneModel
import Fatigue
import Reach
import Runtime
import Testing

/// What is wrong with a configuration is told with its place and a hint, all of it at once.
@Suite struct ConfigurationTests {
  struct Wrong: Sendable, CustomTestStringConvertible {
    var file: String
    /// What stands there ...
    var part: String
    /// ... and what stands there instead.
    var instead: String
    /// `line:column`, and a word of the message or its hint.
    var place: String
    var says: String

    init(_ file: String, _ part: String, _ instead: String, _ place: String, _ says: String) {
      (self.file, self.part, self.instead, self.place, self.says) = (file, part, instead, place, says)
    }

    var testDescription: String { "\(file): \(instead)" }
  }

  static let mistakes = [
    Wrong("businesses/hesitating.yaml", "fatigue: { days: 2, times: 2, minGap: 1h }\n", "", "1:1", "fatigue"),
    Wrong("businesses/hesitating.yaml", "when: hesitating", "when: hesitatin", "4:7", "did you mean 'hesitating'"),
    Wrong("businesses/hesitating.yaml", "scene: trade", "scen: trade", "2:1", "did you mean 'scene'"),
    Wrong("businesses/hesitating.yaml", "quietHours]", "quiteHours]", "6:20", "did you mean 'quietHours'"),
    Wrong("businesses/hesitating.yaml", "quietHours]", "fatigue]", "6:20", "always there"),
    Wrong("businesses/hesitating.yaml", "{{item}} is", "{{itm}} is", "9:", "item"),
    Wrong("businesses/hesitating.yaml", "minGap: 1h", "minGap: 1 hour", "5:", "duration"),
    Wrong("businesses/hesitating.yaml", "priority: 5", "priority: high", "3:11", "whole number"),
    Wrong("businesses/thanks.yaml", "business: thanks", "business: hesitating", "1:1", "already"),
    Wrong("businesses/cart-left.yaml", "rollout: 80%", "rollout: 180%", "7:", "0% to 100%"),
    Wrong("businesses/cart-left.yaml", "profile.city == 'Berlin'", "profile.city = 'Berlin'", "7:", "=="),
    Wrong("businesses/cart-left.yaml", "scene: trade", "scene: trade\nscene: feed", "2:1", "twice"),
    Wrong("rules/bought.yaml", "on: buy", "on: [", "2:", ""),
    Wrong("attune.yaml", "perDay: 3", "perDay: -3", "3:", "perDay"),
    Wrong("attune.yaml", "\"22:00\"", "22:00h", "6:21", "22:00"),
    Wrong("attune.yaml", "quietHours:", "quitHours:", "6:1", "did you mean 'quietHours'"),
    Wrong(
      "businesses/hesitating.yaml", "priority: 5", "priority: 5\nclass: transactionl", "4:8",
      "did you mean 'transactional'"),
  ]

  @Test(arguments: mistakes)
  func mistakesAreTold(mistake: Wrong) throws {
    let text = try #require(Fixture.files[mistake.file])
    #expect(text.contains(mistake.part))
    var diagnostics = Diagnostics()
    do {
      let source = try Fixture.source(changing: [mistake.file: text.replacing(mistake.part, mistake.instead)])
      #expect(CompiledConfiguration(source, at: Fixture.start, &diagnostics) == nil)
    } catch let error as Diagnostics {
      diagnostics.append(error)
    }
    #expect(
      diagnostics.errors.contains {
        "\($0.mark)".hasPrefix("\(mistake.file):\(mistake.place)") && "\($0)".contains(mistake.says)
      }, "\(diagnostics)")
    let once = mistake.says == "did you mean 'scene'" ? 2 : 1
    let told = diagnostics.all.filter { !$0.message.contains("quiet hours may keep") }
    #expect(told.count == once, "told once, and nothing is said of others: \(diagnostics)")
  }

  /// Wherever one is, those of the other files are told beside it, and nothing that it only makes look wrong.
  @Test(arguments: [
    ("attune.yaml", "fatigue: [", "attune.yaml:2:"), ("attune.yaml", "fatigue: { zone: UTC }", "attune.yaml:1:"),
    ("attune.yaml", "- 1", "attune.yaml:1:"), ("attune.yaml", "", "attune.yaml:1:1"),
    ("attune.yaml", "fatigue: { zone: Asia/Nowhere, user: { perDay: 3 } }", "attune.yaml:1:"),
    ("rules/hesitating.yaml", "rule: hesitating\npattern: [", "rules/hesitating.yaml:"),
    ("rules/hesitating.yaml", "rule: hesitating\npatern: []", "rules/hesitating.yaml:"),
    ("businesses/thanks.yaml", "business: thanks\nwhen: [bought", "businesses/thanks.yaml:"),
    ("businesses/thanks.yaml", "business: thanks\nwhen: bought", "businesses/thanks.yaml:"),
  ])
  func noMistakeHidesOthersOrMakesThem(file: String, text: String, place: String) throws {
    let changes = [
      file: text, "businesses/cart-left.yaml": Fixture.files["businesses/cart-left.yaml"]?.replacing("80%", "180%"),
      "rules/cart-left.yaml": Fixture.files["rules/cart-left.yaml"]?.replacing("10m", "10 minutes"),
    ]
    var told = Diagnostics()
    do { _ = CompiledConfiguration(try Fixture.source(changing: changes), at: Fixture.start, &told) } catch {
      told = try #require(error as? Diagnostics)
    }
    let (all, errors) = (told.all.filter { !$0.message.contains("may keep") }, told.errors.map(\.description))
    #expect(errors.contains { $0.hasPrefix(place) }, "\(told)")
    #expect(errors.contains { $0.hasPrefix("businesses/cart-left.yaml:") && $0.contains("0% to 100%") }, "\(told)")
    #expect(errors.contains { $0.hasPrefix("rules/cart-left.yaml:") }, "\(told)")
    #expect(Set(all.map(\.mark.file)) == [file, "businesses/cart-left.yaml", "rules/cart-left.yaml"], "\(told)")
    for said in ["there is no rule", "no business", "no channel", "no quiet hours", "no limit"] {
      #expect(!"\(told)".contains(said), "\(told)")
    }
  }

  /// Nothing is wrong with them, and likely something else was meant.
  @Test(arguments: [
    ("scene: trade", "scene: tradee", "did you mean 'trade'"), ("scene: trade", "scene: news", ""),
    ("materials: [", "materials: [{ id: other, title: T, body: B }, ", "choose: learned"),
    ("materials: [", "choose: fixed\nmaterials: [{ id: other, title: T, body: B }, ", ""),
  ])
  func whatWasHardlyMeantIsSaid(part: String, instead: String, says: String) throws {
    let file = "businesses/cart-left.yaml"
    let text = try #require(Fixture.files[file])
    #expect(text.contains(part))
    var told = Diagnostics()
    let source = try Fixture.source(changing: [file: text.replacing(part, instead)])
    #expect(CompiledConfiguration(source, at: Fixture.start, &told) != nil, "\(told)")
    let all = told.all.filter { !$0.message.contains("may keep") }
    #expect(all.count == (says.isEmpty ? 0 : 1) && (says.isEmpty || "\(told)".contains(says)), "\(told)")
  }

  /// All that a publication makes otherwise is part of its answer, to the copy and the limit.
  @Test func whatAPublicationChanges() throws {
    let engine = try Fixture.engine()
    func changes(_ changes: [String: String?]) throws -> [String] {
      let answer = engine.check(try Fixture.source(changing: changes))
      #expect(answer.isAccepted, "\(answer.diagnostics)")
      return answer.documents.flatMap { document in
        ["\(document.kind) \(document.part) \(document.name)"]
          + document.differences.map { "\($0.path): \($0.before ?? "-") → \($0.after ?? "-")" }
      }
    }
    func changed(_ file: String, _ part: String, _ instead: String) throws -> [String] {
      let text = try #require(Fixture.files[file])
      #expect(text.contains(part))
      return try changes([file: text.replacing(part, instead)])
    }
    #expect(try changes([:]).isEmpty)
    #expect(try changed("attune.yaml", "fatigue:", "# another line\nfatigue:").isEmpty, "only its place is another")
    #expect(
      try changed("attune.yaml", "perDay: 3", "perDay: 4") == ["changed settings ", "fatigue.user.perDay: 3 → 4"])
    #expect(
      try changed("attune.yaml", "quietHours: { from: \"22:00\"", "quietHours: { from: \"23:00\"") == [
        "changed settings ", "quietHours.from: 22:00 → 23:00",
      ])
    #expect(
      try changed(
        "businesses/hesitating.yaml", "{ days: 2, times: 2, minGap: 1h }", "{ days: 2, times: 3, minGap: 2h }")
        == ["changed business hesitating", "fatigue.times: 2 → 3", "fatigue.minGap: 1h → 2h"])
    #expect(
      try changed("businesses/cart-left.yaml", "rollout: 80%", "rollout: 70%") == [
        "changed business cart-left", "filters.rollout: 80% → 70%",
      ])
    #expect(
      try changes(["businesses/thanks.yaml": nil, "rules/bought.yaml": nil]).contains("removed business thanks"))
  }

  /// A business has one home: a file of its own, or the policy.
  @Test func aBusinessInBothPlacesIsToldWithBoth() throws {
    let settings = try #require(Fixture.files["attune.yaml"]).replacing("orders:", "thanks:")
    var diagnostics = Diagnostics()
    let source = try Fixture.source(changing: ["attune.yaml": settings])
    #expect(CompiledConfiguration(source, at: Fixture.start, &diagnostics) == nil)
    let error = try #require(diagnostics.errors.first)
    #expect(error.mark.file == "businesses/thanks.yaml" && error.message.contains("in attune.yaml, line 5"), "\(error)")
  }

  @Test func aScenesBusinessesMayAllBeOfOtherTeams() throws {
    let settings = try #require(Fixture.files["attune.yaml"])
    for (limits, isUsed) in [("feed: { times: 2, window: 1d }", true), ("fed: { times: 2, window: 1d }", false)] {
      var diagnostics = Diagnostics()
      let changed = settings.replacing("scenes: {", "scenes: { \(limits),")
      _ = CompiledConfiguration(try Fixture.source(changing: ["attune.yaml": changed]), at: Fixture.start, &diagnostics)
      #expect(diagnostics.warnings.contains { $0.message.contains("no business") } != isUsed, "\(diagnostics)")
    }
  }

  @Test func aPolicyAloneIsAConfiguration() throws {
    let policy = """
      zone: Asia/Shanghai
      user: { perDay: 2 }
      businesses: { a: { scene: s, days: 1, times: 1, minGap: 0s } }
      """
    var diagnostics = Diagnostics()
    let source = try PolicyFile.read(text: policy, name: "policies.yaml")
    let configuration = try #require(CompiledConfiguration(source, at: Fixture.start, &diagnostics), "\(diagnostics)")
    #expect(configuration.fatigue.businesses.keys.sorted() == ["a"])
    #expect(configuration.fatigue.zone.transitions.isEmpty == false, "with the table of its zone")
    #expect(configuration.businesses.isEmpty && diagnostics.all.isEmpty, "\(diagnostics)")
  }

  @Test func allMistakesAreToldAtOnce() throws {
    var changes: [String: String?] = [:]
    for mistake in [Self.mistakes[0], Self.mistakes[9]] {
      changes[mistake.file] = Fixture.files[mistake.file]?.replacing(mistake.part, mistake.instead)
    }
    var diagnostics = Diagnostics()
    _ = CompiledConfiguration(try Fixture.source(changing: changes), at: Fixture.start, &diagnostics)
    #expect(Set(diagnostics.errors.map(\.mark.file)).count == 2)
  }

  /// The rule and the business that the documents show, with all their keys.
  @Test func whatTheDocumentsShowLoads() throws {
    let source = try Fixture.source(changing: [
      "rules/shown.yaml": """
      rule: shown
      key: [user, item]
      to: user
      pattern:
        - on: view
          as: v
          where: price >= 50
          times: 3
        - not: buy
          for: 30m
      within: 2h
      repeat: restart
      skip: pastLast
      without: buy
      having: distinct(v.seller) >= 2
      emit: { item: v.item, views: count(v), spent: sum(v.price) }
      """,
      "businesses/shown.yaml": """
      business: shown
      scene: trade
      priority: 5
      when: shown
      fatigue: { days: 3, times: 2, minGap: 6h }
      filters: [consent, quietHours, { rollout: 50% }, { audience: "profile.city in ['Hangzhou', 'Shanghai']" }]
      expires: 2h
      materials:
        - { id: gentle,  title: "Still thinking?", body: "{{item.name}} is waiting for you" }
        - { id: scarce,  title: "{{item.name}}",   body: "Only one left, and three people are looking" }
      choose: weighted
      """,
    ])
    var diagnostics = Diagnostics()
    #expect(CompiledConfiguration(source, at: Fixture.start, &diagnostics) != nil, "\(diagnostics)")
  }

  @Test func aBrokenRuleIsToldOnce() throws {
    let rule = Fixture.files["rules/hesitating.yaml"]?.replacing("for: 30m", "for: soon")
    var diagnostics = Diagnostics()
    _ = CompiledConfiguration(
      try Fixture.source(changing: ["rules/hesitating.yaml": rule]), at: Fixture.start, &diagnostics)
    #expect(diagnostics.errors.map(\.mark.file) == ["rules/hesitating.yaml"], "\(diagnostics)")
  }

  @Test func expiringBeforeTheMorningIsWarnedOf() throws {
    var diagnostics = Diagnostics()
    #expect(CompiledConfiguration(try Fixture.source(), at: Fixture.start, &diagnostics) != nil)
    #expect(diagnostics.warnings.contains { $0.message.contains("expire after 6h") }, "\(diagnostics)")
  }
}
