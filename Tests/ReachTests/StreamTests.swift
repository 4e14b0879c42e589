import AttuneModel
import Reach
import Testing

/// The door of the engine: deduplication, order, lateness, settlements, receipts, profiles, erasure.
@Suite struct StreamTests {
  @Test func idsAreTakenOnce() throws {
    var engine = try Fixture.engine()
    let event = Fixture.event("buy", after: .seconds(1), id: "a")
    #expect(engine.live(.seconds(1), [event, event]).acknowledgements == [.accepted, .duplicate])
    #expect(engine.live(.hours(23), [event]).acknowledgements == [.duplicate])
    let other = Fixture.event("buy", "u2", after: .seconds(1), id: "a")
    #expect(engine.live(.hours(23), [other]).acknowledgements != [.duplicate], "ids are the user's own")
    let anonymous = Fixture.event("buy", after: .hours(23))
    #expect(engine.live(.hours(23), [anonymous, anonymous]).acknowledgements == [.accepted, .accepted])
  }

  @Test func idsAreForgottenAfterTheHorizon() throws {
    var engine = try Fixture.engine()
    _ = engine.live(.zero, [Fixture.event("view", after: .zero, id: "a")])
    #expect(
      engine.live(.hours(24), [Fixture.event("view", after: .hours(24), id: "a")]).acknowledgements == [.accepted])
  }

  @Test func eventsAreHandledInTheOrderOfTheirInstants() throws {
    var engine = try Fixture.engine()
    // The purchase happened between cart and deadline, but arrives first.
    _ = engine.live(.seconds(2), [Fixture.event("buy", after: .seconds(2)), Fixture.event("cart", after: .seconds(1))])
    let effects = engine.live(.minutes(20))
    #expect(effects.traces.map(\.business) == ["thanks"], "the cart was bought")
  }

  @Test func lateEventsCancelButDoNotTrigger() throws {
    var engine = try Fixture.engine()
    _ = engine.live(.zero, [Fixture.event("cart", after: .zero)])
    _ = engine.live(.minutes(5), [Fixture.event("view", "u2", after: .minutes(5))])
    let late = engine.live(.minutes(6), [Fixture.event("buy", after: .minutes(3))])
    #expect(late.acknowledgements == [.late])
    #expect(late.tally.total(.late) == 1)
    #expect(engine.live(.minutes(20)).traces.isEmpty, "no thanks for it, and no reminder of the cart")
  }

  @Test func theWatermarkFollowsTheSlowerOfEventsAndClock() throws {
    var engine = try Fixture.engine()
    _ = engine.live(.hours(1), [Fixture.event("view", after: .minutes(5))])
    #expect(engine.watermark == Fixture.start + .minutes(5) - .seconds(1), "an idle hour makes no event late")
    _ = engine.live(.hours(1), [Fixture.event("view", after: .hours(2))])
    #expect(engine.watermark == Fixture.start + .hours(1) - .seconds(1), "a phone's fast clock makes no event late")
    _ = engine.live(.minutes(30))
    #expect(engine.watermark == Fixture.start + .hours(1) - .seconds(1), "it never goes back")
  }

  @Test func settlementsChangeTheirMessageOnce() throws {
    var engine = try Fixture.engine()
    let id = try #require(engine.live(.minutes(1), [Fixture.event("buy", after: .seconds(1))]).messages.first?.id)
    #expect(engine.unsettled == [id])
    func settle(_ outcome: Settlement.Outcome) -> Effects {
      engine.live(.minutes(2), [.settlement(Settlement(message: id, outcome: outcome))])
    }
    #expect(settle(.unknown).acknowledgements == [.accepted])
    #expect(settle(.accepted).settled == [Settlement(message: id, outcome: .accepted)])
    #expect(settle(.failed).acknowledgements == [.duplicate])
    #expect(engine.unsettled.isEmpty)
    let stranger = Settlement(message: CandidateID(partition: 3, number: 999), outcome: .accepted)
    #expect(engine.live(.minutes(2), [.settlement(stranger)]).acknowledgements == [.unknownMessage])
  }

  @Test func aFailedMessageGivesItsSlotBack() throws {
    let rule = "rule: bought\npattern: [{ on: buy, as: b }]\nwithin: 1h\nemit: { item: b.item }"
    let business = """
      business: thanks
      scene: service
      when: bought
      fatigue: { days: 1, times: 1, minGap: 0s }
      materials: [{ id: thanks, title: thanks, body: thanks }]
      """
    for (outcome, again) in [
      (Settlement.Outcome.failed, true), (.withdrawn, true), (.accepted, false), (.unknown, false),
    ] {
      var engine = try Fixture.engine(changing: ["rules/bought.yaml": rule, "businesses/thanks.yaml": business])
      let id = try #require(engine.live(.minutes(1), [Fixture.event("buy", after: .seconds(1))]).messages.first?.id)
      _ = engine.live(.minutes(2), [.settlement(Settlement(message: id, outcome: outcome))])
      let effects = engine.live(.minutes(3), [Fixture.event("buy", after: .minutes(2))])
      #expect(effects.messages.isEmpty != again, "after \(outcome)")
    }
  }

  @Test func receiptsCountOnceEach() throws {
    var engine = try Fixture.engine()
    let id = try #require(engine.live(.minutes(1), [Fixture.event("buy", after: .seconds(1))]).messages.first?.id)
    let opened = Input.receipt(Receipt(message: id, kind: .opened, at: Fixture.start))
    let effects = engine.live(.minutes(2), [opened, opened])
    #expect(effects.acknowledgements == [.accepted, .duplicate])
    #expect(effects.tally.total(.opened) { $0.business == "thanks" && $0.detail == "thanks" } == 1)
  }

  /// Idle ticks are not journaled, so nothing anyone can see may depend on when they swept.
  @Test func whatIsRememberedDoesNotDependOnIdleTicks() throws {
    let settings = (Fixture.files["attune.yaml"] ?? "") + "\ntiming: { attribution: 20m }"
    var ticked = try Fixture.engine(changing: ["attune.yaml": settings])
    var recovered = ticked
    func both(_ after: TimeSpan, _ inputs: [Input]) -> (Effects, Effects) {
      (ticked.live(after, inputs), recovered.live(after, inputs))
    }
    let id = try #require(both(.minutes(1), [Fixture.event("buy", after: .seconds(1))]).0.messages.first?.id)
    for minute: Int64 in 2..<23 {
      if minute == 10 || minute == 20 { _ = ticked.live(.minutes(minute)) }
      let receipt = Input.receipt(Receipt(message: id, kind: .unsubscribed, at: Fixture.start))
      var (a, b) = (ticked, recovered)
      #expect(
        a.live(.minutes(minute), [receipt]).acknowledgements == b.live(.minutes(minute), [receipt]).acknowledgements)
      let expected: Acknowledgement = minute < 21 ? .accepted : .unknownMessage
      #expect(b.live(.minutes(minute), [receipt]).acknowledgements != [.accepted] || expected == .accepted, "\(minute)")
    }
  }

  @Test func unsubscribingMutesTheTopicOnly() throws {
    var engine = try Fixture.engine()
    var message: Message?
    var user = 0
    while message == nil {
      user += 1
      _ = engine.live(.zero, [Fixture.event("cart", "s\(user)", after: .zero)])
      message = engine.live(.minutes(11)).messages.first
    }
    let id = try #require(message).id
    _ = engine.live(.minutes(12), [.receipt(Receipt(message: id, kind: .unsubscribed, at: Fixture.start))])
    #expect(engine.profile(of: "s\(user)")?["topics.carts"] == .bool(false))
    _ = engine.live(.hours(2), [Fixture.event("cart", "s\(user)", after: .hours(2))])
    let effects = engine.live(.hours(3))
    #expect(effects.traces.map(\.filter) == ["consent"])
    _ = engine.live(.hours(4), [Fixture.event("buy", "s\(user)", after: .hours(4))])
    #expect(engine.live(.hours(5)).messages.count == 1, "transactional messages are not muted with marketing")
  }

  @Test func anErasedUserIsForgotten() throws {
    var engine = try Fixture.engine()
    _ = engine.live(
      .zero,
      [
        .profile(ProfilePatch(user: "u1", changes: [.init("city", .string("Hangzhou"))])),
        Fixture.event("cart", after: .zero),
      ])
    _ = engine.live(.minutes(1), [.erase(user: "u1")])
    #expect(engine.profile(of: "u1") == nil)
    #expect(engine.live(.minutes(30)).traces.isEmpty)
  }

  @Test func aConfigurationWithErrorsChangesNothing() throws {
    var engine = try Fixture.engine()
    var broken = try Fixture.source()
    broken.businesses = broken.rules
    #expect(engine.live(.zero, [.configuration(broken)]).acknowledgements == [.refused])
    #expect(engine.live(.minutes(1), [Fixture.event("buy", after: .seconds(1))]).messages.count == 1)
  }
}
