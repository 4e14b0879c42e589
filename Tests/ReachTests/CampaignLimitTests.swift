import AttuneModel
import Reach
import Runtime
import Testing

/// What campaigns must never do, and what they take back.
@Suite struct CampaignLimitTests {
  private static func document(_ more: String, audience: String = "{ file: users.txt }") throws -> Node {
    let text = """
      campaign: sale
      scene: service
      fatigue: { days: 1, times: 1, minGap: 0s, obeys: false }
      audience: \(audience)
      waves: { share: 5%, every: 1m }
      materials:
        - { id: a, title: "A", body: "eins" }
        - { id: b, title: "B", body: "zwei" }
      \(more)
      """
    return try ConfigurationFolder.campaign(text, file: "campaign.yaml")
  }

  private static func launched(
    _ more: String, count: Int, _ before: [Input] = []
  ) throws -> (Engine, [Message]) {
    try Fixture.launched(document(more), count: count, before)
  }

  private static func state(_ engine: Engine) throws -> CampaignState { try #require(engine.campaigns["sale"]) }

  /// Everybody is put off to 08:00; the next thing that is heard of the store is later than the window's end.
  @Test func nothingIsSentOnceTheWindowIsOver() throws {
    let more = """
      holdout: 0%
      filters: [quietHours]
      window: { until: 2023-11-15T08:10 }
      quotas: { total: 10, copies: { a: { max: 3 } } }
      """
    var (engine, messages) = try Self.launched(more, count: 200)
    for minute in 1...60 { messages += engine.live(.minutes(Int64(minute))).messages }
    #expect(try messages.isEmpty && Self.state(engine).deferred == 200)
    for minute in [130, 131, 200] as [Int64] { messages += engine.live(.minutes(minute)).messages }
    #expect(messages.isEmpty)
    #expect(try Self.state(engine).status == .stopped && Self.state(engine).refused == 200)
  }

  @Test func quotasHoldForWhoeverWakesTogether() throws {
    let more = "holdout: 0%\nfilters: [quietHours]\nquotas: { total: 10, copies: { a: { max: 3 } } }"
    var (engine, messages) = try Self.launched(more, count: 200)
    for minute in 1...60 { messages += engine.live(.minutes(Int64(minute))).messages }
    engine = try Engine(checkpoint: engine.checkpoint())
    for minute in 108...125 { messages += engine.live(.minutes(Int64(minute))).messages }
    #expect(messages.count == 10 && messages.count { $0.material == "a" } <= 3)
    #expect(try Self.state(engine).status == .finished)
  }

  /// Who is left out, and who is refused, must not be counted on to make a minimum good.
  @Test(arguments: ["holdout: 5%", "holdout: 50%", "holdout: 0%\nfilters: [consent]"]) func minimumsAreKept(
    _ more: String
  ) throws {
    let refusing = (0..<1000).filter { $0 % 2 == 0 && more.contains("consent") }.map {
      Input.profile(ProfilePatch(user: "u\($0)", changes: [.init("consent", .bool(false))]))
    }
    let least = more.contains("5%") && !more.contains("50%") ? 900 : 430
    let quotas = "\(more)\nlearned: { random: 0% }\nquotas: { copies: { a: { min: \(least) } } }"
    var (engine, messages) = try Self.launched(quotas, count: 1000, refusing)
    for minute in 1...25 { messages += engine.live(.minutes(Int64(minute))).messages }
    #expect(try Self.state(engine).status == .finished)
    #expect(messages.count { $0.material == "a" } >= least, "\(messages.count)")
  }

  @Test func minimumsThatCannotBeKeptAreRefused() throws {
    for (more, reason) in [
      ("holdout: 100%\nquotas: { copies: { a: { min: 1 } } }", "the audience is 0"),
      ("holdout: 50%\nquotas: { copies: { a: { min: 80 } } }", "the minimums add up to 80"),
    ] {
      var engine = try Fixture.engine()
      let users = (0..<100).map { "u\($0)" }
      _ = engine.live(.seconds(1), CampaignOrder.members(of: "sale", users).map(Input.campaign))
      let document = try Self.document(more)
      let refusal = engine.check(campaign: document).refusal?.description ?? ""
      #expect(refusal.contains(reason), "\(refusal)")
      #expect(engine.live(.seconds(2), [.campaign(.launch(document))]).acknowledgements == [.refused])
    }
  }

  @Test(arguments: ["choose: fixed", "choose: weighted"]) func aCampaignChoosesByWhatItLearns(_ choose: String) throws {
    let engine = try Fixture.engine()
    let check = engine.check(campaign: try Self.document(choose, audience: "{ list: [u1] }"))
    #expect(check.refusal == .errors)
    #expect(check.diagnostics.errors.contains { $0.message.contains("a campaign chooses by what it learns") })
  }

  @Test(arguments: [
    (#"{ list: [u1, "a\nb"] }"#, "a user's id has no line breaks"),
    (#"{ list: ["a\tb"] }"#, "a user's id has no line breaks"),
    ("{ list: [\(String(repeating: "x", count: 300))] }", "1 to 256 bytes, not 300"),
  ])
  func whatEventsRefuseIsNoUser(_ audience: String, _ message: String) throws {
    let check = try Fixture.engine().check(campaign: try Self.document("", audience: audience))
    #expect(check.refusal == .errors && check.diagnostics.errors.contains { $0.message.contains(message) })
  }

  @Test func aCampaignEmitsNothing() throws {
    let text = "materials:\n  - { id: c, title: \"C {{profile.name | 'x'}} {{user}}\", body: \"{{price}}\" }"
    let document = try ConfigurationFolder.campaign(
      "campaign: sale\nscene: service\nfatigue: { days: 1, times: 1, minGap: 0s }\naudience: everybody\n\(text)",
      file: "c.yaml")
    let told = try Fixture.engine().check(campaign: document).diagnostics.errors.map(\.description)
    #expect(
      told == [
        "c.yaml:6:64: error: a body uses 'price', and a campaign has no such value (hint: it can use user, profile.NAME)"
      ])
  }

  @Test func aWindowThatIsOverIsRefused() throws {
    var engine = try Fixture.engine()
    let document = try Self.document("window: { until: 2020-01-01T00:00 }", audience: "{ list: [u1, u2] }")
    #expect(engine.check(campaign: document).refusal?.description == "its window is over")
    #expect(engine.live(.seconds(2), [.campaign(.launch(document))]).acknowledgements == [.refused])
    #expect(engine.campaigns.isEmpty)
  }

  @Test func goalsCountAsLongAsTheyAreSaidTo() throws {
    var (engine, _) = try Self.launched("holdout: 50%\ngoal: { event: order, within: 10m }", count: 200)
    for minute in 1...25 { _ = engine.live(.minutes(Int64(minute))) }
    // The last wave was 6 minutes ago, the first 25.
    let orders = (0..<200).map { Fixture.event("order", "u\($0)", after: .minutes(25), id: "o\($0)") }
    _ = engine.live(.minutes(25), orders)
    _ = engine.live(.minutes(30))
    let state = try Self.state(engine)
    #expect((30...70).contains(state.treatedGoals + state.heldOutGoals), "\(state)")
  }

  @Test func unitsOfFailedMessagesAreSentAgain() throws {
    let more = "holdout: 0%\nlearned: { random: 0% }\nquotas: { total: 50, copies: { a: { min: 20 } } }"
    var (engine, messages) = try Self.launched(more, count: 1000)
    var failed: Set<CandidateID> = []
    for minute in 1...25 {
      let fresh = messages.filter { !failed.contains($0.id) }.prefix(failed.count < 30 ? 5 : 0)
      failed.formUnion(fresh.map(\.id))
      messages +=
        engine.live(.minutes(Int64(minute)), fresh.map { .settlement(Settlement(message: $0.id, outcome: .failed)) })
        .messages
    }
    let state = try Self.state(engine)
    #expect(failed.count == 30 && state.undelivered == 30 && state.sent == 50 && messages.count == 80, "\(state)")
    #expect(messages.count { $0.material == "a" && !failed.contains($0.id) } >= 20)
  }

  @Test func aRecallTakesBackWhatWaits() throws {
    var (engine, messages) = try Self.launched("holdout: 0%", count: 400)
    messages += engine.live(.minutes(1)).messages
    let gone = messages.prefix(7)
    _ = engine.live(.minutes(2), gone.map { .settlement(Settlement(message: $0.id, outcome: .accepted)) })
    messages = messages + []
    let before = try Self.state(engine).sent
    // Stopped first, taken back as an afterthought.
    let stop = engine.live(.minutes(2), [.campaign(.stop("sale", recall: false))])
    #expect(stop.withdrawn.isEmpty)
    let effects = engine.live(.minutes(2), [.campaign(.stop("sale", recall: true))])
    #expect(effects.acknowledgements == [.accepted])
    #expect(effects.withdrawn.count == before - gone.count)
    #expect(Set(effects.withdrawn).isDisjoint(with: gone.map(\.id)))
    #expect(effects.traces.count { $0.outcome == .retracted && $0.reason == "recalled" } == effects.withdrawn.count)
    _ = engine.live(.minutes(3), effects.withdrawn.map { .settlement(Settlement(message: $0, outcome: .withdrawn)) })
    let state = try Self.state(engine)
    #expect(state.sent == gone.count && state.undelivered == effects.withdrawn.count && state.status == .stopped)
  }

  /// The worst that can be done to users, end to end: it stops by itself and says why.
  @Test func harmStopsIt() throws {
    let more = "holdout: 5%\nlearned: { annoyance: 0, random: 0%, quiet: false }\nharm: { optOuts: 2% }"
    var (engine, fresh) = try Self.launched(more, count: 4000)
    var minute: Int64 = 1
    while try Self.state(engine).status == .running, minute < 40 {
      let angry = fresh.enumerated().filter { $0.offset % 8 == 0 }.map(\.element)
      let receipts = angry.map {
        Input.receipt(Receipt(message: $0.id, kind: .unsubscribed, at: Fixture.start + .minutes(minute)))
      }
      fresh = engine.live(.minutes(minute), receipts).messages
      minute += 1
    }
    let state = try Self.state(engine)
    #expect(state.status == .stopped && state.sent < 2500, "\(state)")
    #expect(state.reason?.contains("opt-outs are") == true, "\(state.reason ?? "")")
    #expect(engine.live(.minutes(minute + 5)).messages.isEmpty)
  }

  @Test func optOutsCountWhenClicksDoNoMore() throws {
    let more = "holdout: 0%\nlearned: { attribution: 1m, random: 0% }\nharm: { optOuts: 2% }"
    var (engine, messages) = try Self.launched(more, count: 400)
    for minute in 1...10 { messages += engine.live(.minutes(Int64(minute))).messages }
    let late = messages.map { Input.receipt(Receipt(message: $0.id, kind: .unsubscribed, at: Fixture.start)) }
    _ = engine.live(.minutes(20), late)
    let report = try #require(engine.report(ofCampaign: "sale"))
    #expect(report.choice.optOuts == messages.count && report.choice.clicks == 0)
    #expect(report.state.status == .stopped)
  }

  /// A configuration that is put in force holds at once: for a campaign that it does not suit, or not at all.
  @Test func whatRunsHasToFitWhatIsPublished() throws {
    let (launched, _) = try Self.launched("holdout: 0%", count: 400)
    var engine = launched
    let other = try Fixture.source(changing: [
      "businesses/sale.yaml": """
      business: sale
      scene: feed
      when: bought
      fatigue: { days: 1, times: 1, minGap: 0s }
      materials: [{ id: x, title: "X", body: "x" }]
      """
    ])
    let conflicts = engine.conflicts(with: other)
    #expect(conflicts.errors.count == 1 && conflicts.description.contains("the campaign 'sale' is running"))
    #expect(engine.live(.minutes(2), [.configuration(other)]).acknowledgements == [.refused])
    // Over, it stands in nobody's way.
    _ = engine.live(.minutes(3), [.campaign(.stop("sale", recall: false))])
    #expect(engine.conflicts(with: other).errors.isEmpty)
    #expect(engine.live(.minutes(4), [.configuration(other)]).acknowledgements == [.accepted])
    #expect(try Engine(checkpoint: engine.checkpoint()).checkpoint() == engine.checkpoint())
  }

  /// A total far smaller than the first step: it is not gone before anything is known of anybody.
  @Test func theFirstUsersDoNotUseUpATotalForAll() throws {
    let more = "holdout: 0%\nlearned: { random: 0% }\nquotas: { total: 60, copies: { a: { max: 40, min: 5 } } }"
    var (engine, messages) = try Self.launched(more, count: 3000)
    // The first wave is a twentieth: a tenth of what is free, and what is owed.
    #expect((5...12).contains(messages.count), "\(messages.count)")
    for minute in 1...25 { messages += engine.live(.minutes(Int64(minute))).messages }
    #expect(messages.count == 60 && messages.count { $0.material == "a" } >= 5)
    #expect(try Self.state(engine).status == .finished)
  }
}
