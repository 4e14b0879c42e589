import AttuneModel
import Reach
import Runtime
import Testing

/// Campaigns from launch to end: everybody once, quotas kept, clicks learned from.
@Suite struct CampaignTests {
  private static func campaign(_ more: String = "", audience: String = "{ file: users.txt }") -> String {
    """
    campaign: singles-day
    scene: service
    fatigue: { days: 1, times: 1, minGap: 0s, obeys: false }
    audience: \(audience)
    waves: { share: 5%, every: 1m }
    materials:
      - { id: a, title: "A", body: "eins" }
      - { id: b, title: "B", body: "zwei" }
      - { id: c, title: "C", body: "三" }
    \(more)
    """
  }

  private static func document(_ text: String) throws -> Node {
    try ConfigurationFolder.campaign(text, file: "campaign.yaml")
  }

  private static func launched(_ text: String, count: Int = 2000) throws -> (Engine, [Message]) {
    try Fixture.launched(document(text), count: count)
  }

  private static func state(_ engine: Engine) throws -> CampaignState { try #require(engine.campaigns["singles-day"]) }

  @Test func everybodyIsDecidedAboutOnce() throws {
    var (engine, messages) = try Self.launched(Self.campaign("holdout: 10%"))
    #expect(try Self.state(engine).audience == 2000)
    #expect(try Self.state(engine).duplicates == 10)
    for minute in 1...25 { messages += engine.live(.minutes(Int64(minute))).messages }
    let state = try Self.state(engine)
    #expect(state.status == .finished && state.remaining == 0)
    #expect(state.sent == messages.count && state.sent + state.heldOut + state.held + state.refused == 2000)
    #expect((120...280).contains(state.heldOut))
    #expect(Set(messages.map(\.user)).count == messages.count)
    #expect(Set(messages.map(\.material)) == ["a", "b", "c"])
    #expect(engine.live(.hours(2)).messages.isEmpty)
  }

  /// Before any click, those who are not drawn by lot get what the library thinks well of.
  @Test func copiesStartFromTheirPriors() throws {
    let text = Self.campaign("learned: { random: 0%, explore: 3% }\nholdout: 0%")
      .replacing("\"eins\" }", with: "\"eins\", prior: { rate: 0.08, sends: 2000 } }")
      .replacing("\"zwei\" }", with: "\"zwei\", prior: { rate: 0.02, sends: 2000 } }")
      .replacing("\"三\" }", with: "\"三\", prior: { rate: 0.02, sends: 2000 } }")
    let (engine, first) = try Self.launched(text)
    #expect(first.count > 50 && first.count { $0.material == "a" } > first.count * 8 / 10, "\(first.count)")
    let (_, plain) = try Self.launched(Self.campaign("learned: { random: 0%, explore: 3% }\nholdout: 0%"))
    #expect(plain.count { $0.material == "a" } < plain.count * 6 / 10)
    #expect(engine.report(ofCampaign: "singles-day") != nil)
  }

  @Test func aSecondLaunchBeginsNothing() throws {
    var (engine, first) = try Self.launched(Self.campaign())
    first += engine.live(.minutes(2)).messages
    let again = engine.live(.minutes(4), [.campaign(.launch(try Self.document(Self.campaign())))])
    #expect(again.acknowledgements == [.duplicate])
    #expect(Set(first.map(\.user)).isDisjoint(with: again.messages.map(\.user)))
    let late = engine.live(.minutes(5), CampaignOrder.members(of: "singles-day", ["new"]).map(Input.campaign))
    #expect(late.acknowledgements == [.refused])
  }

  @Test func clicksSteerTheRest() throws {
    var (engine, fresh) = try Self.launched(Self.campaign("learned: { random: 0% }\nholdout: 0%"), count: 4000)
    var random = SeededGenerator(seed: 5)
    let rates = ["a": 0.05, "b": 0.35, "c": 0.1]
    var sent: [String: Int] = [:]
    for minute in 1...25 {
      let now = TimeSpan.minutes(Int64(minute))
      var receipts: [Input] = []
      fresh += engine.live(now).messages
      for message in fresh {
        if minute > 12 { sent[message.material, default: 0] += 1 }
        guard random.fraction() < rates[message.material] ?? 0 else { continue }
        receipts.append(.receipt(Receipt(message: message.id, kind: .opened, at: Fixture.start + now)))
      }
      fresh = engine.live(TimeSpan.seconds(Int64(minute) * 60 + 30), receipts).messages
    }
    let all = sent.values.reduce(0, +)
    #expect(all > 1500 && Double(sent["b"] ?? 0) > 0.75 * Double(all), "\(sent)")
    // Until silence has been heard, clicks that came at once make every copy look better than it is.
    _ = engine.live(.days(2))
    let report = try #require(engine.report(ofCampaign: "singles-day"))
    let b = try #require(report.choice.copies.first { $0.figures.id == "b" })
    #expect((0.25...0.45).contains(b.mean) && b.belief?.contains(b.mean) == true, "\(b.mean) in \(b.belief)")
  }

  @Test func quotasAreKeptToTheUnit() throws {
    let quotas =
      "holdout: 0%\nlearned: { annoyance: 0, quiet: false }\n"
      + "quotas: { total: 1200, copies: { a: { max: 300 }, b: { min: 150, max: 700 }, c: { max: 450 } } }"
    var (engine, messages) = try Self.launched(Self.campaign(quotas))
    for minute in 1...25 {
      messages += engine.live(.minutes(Int64(minute))).messages
      let counts = Dictionary(grouping: messages, by: \.material).mapValues(\.count)
      #expect(messages.count <= 1200 && counts["a"] ?? 0 <= 300 && counts["b"] ?? 0 <= 700 && counts["c"] ?? 0 <= 450)
    }
    let counts = Dictionary(grouping: messages, by: \.material).mapValues(\.count)
    #expect(counts["b"] ?? 0 >= 150, "\(counts)")
    #expect(messages.count > 1080, "\(counts)")
    let report = try #require(engine.report(ofCampaign: "singles-day"))
    #expect(report.choice.quotas.first { $0.name == "total" }?.used == messages.count)
  }

  @Test func quotasThatCannotBeMetAreRefused() throws {
    var engine = try Fixture.engine()
    _ = engine.live(.seconds(1), CampaignOrder.members(of: "singles-day", ["u1", "u2"]).map(Input.campaign))
    let document = try Self.document(Self.campaign("quotas: { copies: { a: { min: 3 } } }"))
    #expect(engine.live(.seconds(2), [.campaign(.launch(document))]).acknowledgements == [.refused])
    let refusal = engine.check(campaign: document).refusal
    #expect(refusal?.description.contains("the minimums add up to 3, the audience is 2") == true)
    let empty = try Self.document(Self.campaign(audience: "profile.city == 'Atlantis'"))
    #expect(engine.live(.seconds(3), [.campaign(.launch(empty))]).acknowledgements == [.refused])
    #expect(engine.campaigns.isEmpty)
  }

  /// The engine has no library: whoever launches one with copies of it spells them out.
  @Test func copiesThatWereNotSpelledOutAreRefused() throws {
    var engine = try Fixture.engine()
    let document = try Self.document(
      Self.campaign(audience: "{ list: [u1] }").replacing("id: a, title: \"A\", body: \"eins\"", with: "copy: a"))
    #expect(engine.live(.seconds(2), [.campaign(.launch(document))]).acknowledgements == [.refused])
    let check = engine.check(campaign: document)
    #expect(check.refusal == .errors)
    #expect(check.diagnostics.errors.map(\.message) == ["it names copies of the library, and there is none here"])
    #expect(engine.campaigns.isEmpty)
  }

  @Test func pausedNobodyIsReached() throws {
    var (engine, first) = try Self.launched(Self.campaign())
    #expect(first.count > 0)
    #expect(engine.live(.minutes(2), [.campaign(.pause("singles-day"))]).acknowledgements == [.accepted])
    #expect(engine.live(.minutes(5)).messages.isEmpty)
    #expect(engine.live(.minutes(6), [.campaign(.resume("singles-day"))]).messages.count > 0)
    #expect(engine.live(.minutes(7), [.campaign(.stop("singles-day", recall: false))]).acknowledgements == [.accepted])
    #expect(engine.live(.minutes(9)).messages.isEmpty)
    #expect(engine.live(.minutes(9), [.campaign(.resume("singles-day"))]).acknowledgements == [.refused])
    #expect(try Self.state(engine).status == .stopped)
  }

  @Test func profilesThatFitAreTheAudience() throws {
    var engine = try Fixture.engine()
    let patches = (0..<100).map { number in
      Input.profile(
        ProfilePatch(
          user: "p\(number)",
          changes: [.init("city", .string(number % 4 == 0 ? "杭州" : "上海"))]))
    }
    _ = engine.live(.seconds(1), patches)
    let text = Self.campaign("holdout: 0%", audience: "profile.city == '杭州'")
    let first = engine.live(.seconds(2), [.campaign(.launch(try Self.document(text)))]).messages
    var users = Set(first.map(\.user))
    for minute in 1...30 { users.formUnion(engine.live(.minutes(Int64(minute))).messages.map(\.user)) }
    #expect(users == Set((0..<25).map { "p\($0 * 4)" }))
  }

  @Test func whoIsPutOffIsDecidedAboutLater() throws {
    // 06:13 in Shanghai: quiet until eight.
    var (engine, messages) = try Self.launched(Self.campaign("filters: [quietHours]\nholdout: 0%"), count: 400)
    messages += engine.live(.minutes(5)).messages
    #expect(messages.isEmpty)
    for minute in 6...60 { messages += engine.live(.minutes(Int64(minute))).messages }
    #expect(try Self.state(engine).deferred == 400)
    #expect(try Self.state(engine).status == .running)
    messages += engine.live(.hours(2)).messages
    #expect(Set(messages.map(\.user)).count == 400 && messages.count == 400)
    _ = engine.live(.hours(3))
    #expect(try Self.state(engine).status == .finished)
  }

  @Test func goalsAreCountedForBothSides() throws {
    var (engine, _) = try Self.launched(Self.campaign("holdout: 50%\ngoal: { event: order, within: 1d }"), count: 400)
    for minute in 1...25 { _ = engine.live(.minutes(Int64(minute))) }
    let orders = (0..<400).map { Fixture.event("order", "u\($0)", after: .minutes(26), id: "o\($0)") }
    _ = engine.live(.minutes(26), orders + orders.prefix(20))
    _ = engine.live(.minutes(27), [Fixture.event("order", "u1", after: .minutes(27), id: "again")])
    _ = engine.live(.minutes(30))
    let state = try Self.state(engine)
    #expect(state.treatedGoals + state.heldOutGoals == 400)
    #expect(state.heldOutGoals == state.heldOut)
  }

  @Test func anErasedUserIsNotReached() throws {
    var (engine, first) = try Self.launched(Self.campaign("holdout: 0%"), count: 50)
    let gone = Set((0..<25).map { "u\($0)" }).subtracting(first.map(\.user))
    _ = engine.live(.seconds(3), gone.sorted().map { .erase(user: $0) })
    var users: Set<String> = []
    for minute in 1...30 { users.formUnion(engine.live(.minutes(Int64(minute))).messages.map(\.user)) }
    #expect(users.isDisjoint(with: gone))
    #expect(try Self.state(engine).status == .finished)
  }
}
