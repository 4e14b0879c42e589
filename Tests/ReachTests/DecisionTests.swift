import AttuneModel
import Reach
import Testing

/// The order of a decision, and what each of its ends leaves behind.
@Suite struct DecisionTests {
  @Test func anEventBecomesOneConsideredMessage() throws {
    var engine = try Fixture.engine()
    #expect(engine.live(.seconds(1), [Fixture.event("buy", after: .seconds(1))]).messages.isEmpty, "out of order still")
    let effects = engine.live(.seconds(3))
    let message = try #require(effects.messages.first)
    #expect(message.user == "u1")
    #expect(message.body == "朋友，x 已下单")
    #expect(message.at == Fixture.start + .seconds(3), "live, it is decided at the hour it is")
    #expect(message.data == [Property("item", .string("x"))])
    #expect(effects.traces.map(\.outcome) == [.sent])
    #expect(effects.tally.total(.matched) == 1 && effects.tally.total(.sent) == 1)
  }

  /// The class says what happens without an answer, unless the business does.
  @Test(
    arguments: [
      ("", .marketing, .atMostOnce), ("class: marketing\n", .marketing, .atMostOnce),
      ("class: transactional\n", .transactional, .atLeastOnce),
      ("class: transactional\nwhenUnknown: atMostOnce\n", .transactional, .atMostOnce),
      ("whenUnknown: atLeastOnce\n", .marketing, .atLeastOnce),
    ] as [(String, Message.Class, Message.WhenUnknown)])
  func aMessageBearsTheClassOfItsBusiness(
    written: String, kind: Message.Class, whenUnknown: Message.WhenUnknown
  ) throws {
    let thanks = try #require(Fixture.files["businesses/thanks.yaml"])
    let changed = thanks.replacing("business: thanks\n", "business: thanks\n\(written)")
    var engine = try Fixture.engine(changing: ["businesses/thanks.yaml": changed])
    _ = engine.live(.seconds(1), [Fixture.event("buy", after: .seconds(1))])
    let message = try #require(engine.live(.seconds(3)).messages.first)
    #expect(message.class == kind && message.whenUnknown == whenUnknown)
    #expect(message.priority == engine.configuration.businesses["thanks"]?.priority)
  }

  @Test func anAbsenceFiresAtItsDeadlineForUsersWhoWentSilent() throws {
    var engine = try Fixture.engine(.replay)
    var effects = engine.replay([Fixture.event("cart", after: .zero), Fixture.event("view", "u2", after: .minutes(9))])
    #expect(effects.traces.isEmpty)
    effects = engine.replay([Fixture.event("view", "u2", after: .minutes(30))])
    #expect(effects.traces.map(\.at) == [Fixture.start + .minutes(10)], "replaying, it is decided at the deadline")
  }

  @Test func theEndOfTimeFiresWhatIsOpen() throws {
    var engine = try Fixture.engine(.replay)
    let effects = engine.replay([Fixture.event("cart", after: .zero), .endOfTime])
    #expect(effects.traces.map(\.at) == [Fixture.start + .minutes(10)])
  }

  @Test func theMoreImportantBusinessGoesFirst() throws {
    // Both rules match at one event; the scene has one slot left.
    let rule = "pattern: [{ on: cart, as: c }]\nwithin: 1h\nemit: { item: c.item }"
    var engine = try Fixture.engine(changing: [
      "rules/cart-left.yaml": "rule: cart-left\n\(rule)", "rules/hesitating.yaml": "rule: hesitating\n\(rule)",
      "businesses/hesitating.yaml": """
      business: hesitating
      scene: trade
      priority: 5
      when: hesitating
      fatigue: { days: 2, times: 2, minGap: 0s }
      materials: [{ id: a, title: hi, body: hello }]
      """,
      "attune.yaml": "fatigue: { zone: UTC, user: { perDay: 9 }, scenes: { trade: { times: 1, window: 1d } } }\n"
        + "quietHours: { from: \"22:00\", to: \"08:00\" }",
      "businesses/cart-left.yaml": """
      business: cart-left
      scene: trade
      priority: 7
      when: cart-left
      fatigue: { days: 2, times: 2, minGap: 0s }
      materials: [{ id: a, title: hi, body: hello }]
      """,
    ])
    let effects = engine.live(.minutes(1), [Fixture.event("cart", after: .seconds(1))])
    #expect(effects.traces.map(\.business) == ["cart-left", "hesitating"])
    #expect(effects.traces.map(\.outcome) == [.sent, .refused])
    #expect(effects.traces.last?.filter == "fatigue" && effects.traces.last?.reason == "scene")
    #expect(effects.traces.last?.next == Fixture.start + .minutes(1) + .days(1))
  }

  @Test func quietHoursPutOffAndHoldNoSlot() throws {
    // 06:13 in Shanghai; quiet until 08:00.
    var engine = try Fixture.engine()
    for minute: Int64 in 0..<3 { _ = engine.live(.minutes(minute), [Fixture.event("view", after: .minutes(minute))]) }
    let evening = engine.live(.minutes(40))
    let eight = Fixture.start + TimeSpan(milliseconds: 6_400_000)  // 08:00
    #expect(evening.traces.map(\.outcome) == [.deferred])
    #expect(evening.traces.first?.next == eight)
    #expect(engine.pending == 1 && evening.messages.isEmpty)
    #expect(engine.live(.minutes(106)).traces.isEmpty, "not before eight")
    let morning = engine.live(.minutes(107))
    #expect(morning.traces.map(\.outcome) == [.sent])
    #expect(morning.traces.first?.id == evening.traces.first?.id, "it stays the same candidate")
    #expect(engine.pending == 0)
  }

  @Test func deferredCandidatesExpire() throws {
    let business = Fixture.files["businesses/hesitating.yaml"]?.replacing("expires: 6h", "expires: 1h")
    var engine = try Fixture.engine(changing: ["businesses/hesitating.yaml": business])
    for minute: Int64 in 0..<3 { _ = engine.live(.minutes(minute), [Fixture.event("view", after: .minutes(minute))]) }
    _ = engine.live(.minutes(40))
    let morning = engine.live(.minutes(130))
    #expect(morning.traces.map(\.outcome) == [.refused])
    #expect(morning.traces.first?.filter == "expiry")
  }

  @Test func aBusinessThatWasRemovedWhileACandidateSlept() throws {
    var engine = try Fixture.engine()
    for minute: Int64 in 0..<3 { _ = engine.live(.minutes(minute), [Fixture.event("view", after: .minutes(minute))]) }
    _ = engine.live(.minutes(40))
    let without = try Fixture.source(changing: ["businesses/hesitating.yaml": nil])
    let effects = engine.live(.minutes(130), [.configuration(without)])
    #expect(effects.traces.map(\.outcome).first == .sent, "due before the publication: decided by what was in force")
    var later = try Fixture.engine()
    for minute: Int64 in 0..<3 { _ = later.live(.minutes(minute), [Fixture.event("view", after: .minutes(minute))]) }
    _ = later.live(.minutes(40))
    _ = later.live(.minutes(50), [.configuration(without)])
    #expect(later.live(.minutes(130)).traces.map(\.filter) == ["validity"])
  }

  @Test func aTemplateThatCannotBeFilledLeavesNoReservation() throws {
    let business = Fixture.files["businesses/cart-left.yaml"]?.replacing("{{item | 'something'}}", "{{item}}")
    var engine = try Fixture.engine(changing: ["businesses/cart-left.yaml": business])
    let user = try Fixture.userInRollout()
    _ = engine.live(.zero, [Fixture.event("cart", user, after: .zero, item: nil)])
    let effects = engine.live(.minutes(20))
    #expect(effects.traces.map(\.filter) == ["materials"])
    #expect(effects.messages.isEmpty)
    _ = engine.live(.minutes(20), [Fixture.event("cart", user, after: .minutes(20))])
    let later = engine.live(.minutes(31))
    #expect(later.traces.first?.outcome == .sent, "no gap was opened by what was never sent")
  }

  @Test func anEmittedObjectBringsItsMembers() throws {
    let business = Fixture.files["businesses/thanks.yaml"]?.replacing("{{item}}", "{{item.name}}")
    var engine = try Fixture.engine(changing: ["businesses/thanks.yaml": business])
    let event = Event(
      user: "u1", name: "buy", at: Fixture.start,
      properties: [
        Property("item.id", .string("x")), Property("item.name", .string("台灯")), Property("price", .number(9)),
      ])
    let message = try #require(engine.live(.minutes(1), [.event(event)]).messages.first)
    #expect(message.body == "朋友，台灯 已下单")
    #expect(message.data == [Property("item.id", .string("x")), Property("item.name", .string("台灯"))])
  }

  @Test func fatigueCountsAndLimitsStandInTheTrace() throws {
    var engine = try Fixture.engine()
    let user = try Fixture.userInRollout()
    _ = engine.live(.zero, [Fixture.event("cart", user, after: .zero)])
    let first = engine.live(.minutes(11))
    _ = engine.live(.minutes(12), [Fixture.event("cart", user, after: .minutes(12))])
    let second = engine.live(.minutes(23))
    #expect(first.traces.first?.outcome == .sent)
    let refused = try #require(second.traces.first)
    #expect(refused.reason == "gap")
    #expect(refused.next == Fixture.start + .minutes(41))
    let window = try #require(refused.checks.first { $0.name == "fatigue.window" })
    #expect(window.details["count"] == .number(1) && window.details["limit"] == .number(2) && window.passed)
    #expect(second.tally.total(.refused) { $0.detail == "fatigue.gap" } == 1)
  }
}

extension String {
  func replacing(_ part: String, _ with: String) -> String {
    split(separator: part, omittingEmptySubsequences: false).joined(separator: with)
  }
}
