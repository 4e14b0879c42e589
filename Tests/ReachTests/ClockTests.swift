import AttuneModel
import Reach
import Testing

/// A clock that was wrong once, and the way out.
@Suite struct ClockTests {
  /// Two days ahead for one batch, with an event of that hour, and right again.
  private func misled(_ inputs: [Input] = []) throws -> Engine {
    var engine = try Fixture.engine()
    _ = engine.live(.minutes(1), inputs)
    _ = engine.live(.days(2), [Fixture.event("view", "of that hour", after: .days(2))])
    return engine
  }

  @Test func everyEventIsLateUntilItIsReset() throws {
    var engine = try misled()
    let event = Fixture.event("buy", after: .minutes(2))
    #expect(engine.live(.minutes(2), [event, event]).acknowledgements == [.late, .late])
    #expect(engine.live(.minutes(3), [.clock(Fixture.start + .minutes(3))]).acknowledgements == [.accepted])
    #expect(engine.clock == Fixture.start + .minutes(3))
    #expect(engine.live(.minutes(3), [Fixture.event("buy", after: .minutes(3))]).acknowledgements == [.accepted])
    #expect(engine.live(.minutes(5)).messages.map(\.business) == ["thanks"])
  }

  /// In the batch that brings it, too: what stands behind it goes by the right clock.
  @Test func whatComesAfterItInTheBatchIsNotLate() throws {
    var engine = try misled()
    let event = Fixture.event("buy", after: .minutes(3))
    let effects = engine.live(.minutes(3), [event, .clock(Fixture.start + .minutes(3)), event])
    #expect(effects.acknowledgements == [.late, .accepted, .accepted])
    #expect(engine.clock == Fixture.start + .minutes(3))
  }

  /// Absences are due when they would have been, not when the wrong clock comes round again.
  @Test func absencesFireInTime() throws {
    var engine = try misled()
    _ = engine.live(.minutes(3), [.clock(Fixture.start + .minutes(3))])
    let user = try Fixture.userInRollout()
    _ = engine.live(.minutes(4), [Fixture.event("cart", user, after: .minutes(4))])
    #expect(engine.live(.minutes(13)).messages.isEmpty)
    #expect(engine.live(.minutes(15)).messages.map(\.business) == ["cart-left"])
  }

  @Test func aCampaignGoesOn() throws {
    var (engine, _) = try Fixture.launched(try Fixture.campaign(), count: 0)
    let before = engine.campaigns["autumn"]?.taken
    _ = engine.live(.days(2))
    let misled = engine.campaigns["autumn"]?.taken
    #expect(misled != before, "a wave was due by the wrong clock")
    _ = engine.live(.minutes(3), [.clock(Fixture.start + .minutes(3))])
    #expect(engine.campaigns["autumn"]?.taken == misled)
    _ = engine.live(.minutes(9))
    #expect(engine.campaigns["autumn"]?.taken != misled, "the next wave does not wait for the wrong day")
  }

  /// A limit that was used up by the wrong clock stays used up: nobody gets more than they should.
  @Test func whatWasCountedStaysCounted() throws {
    var engine = try Fixture.engine()
    let passed = { (effects: Effects) in effects.answers.map(\.passes) }
    #expect(passed(engine.live(.minutes(1), [Fixture.reserve("a", after: nil)])) == [true])
    #expect(passed(engine.live(.days(2), [Fixture.reserve("b"), Fixture.reserve("c")])) == [true, true])
    _ = engine.live(.minutes(2), [.clock(Fixture.start + .minutes(2))])
    #expect(passed(engine.live(.minutes(3), [Fixture.reserve("d"), Fixture.reserve("e")])) == [false, false])
  }

  @Test func aRestartMakesNoDifference() throws {
    var engine = try misled([Fixture.event("view", after: .zero), Fixture.event("cart", after: .seconds(1))])
    var again = try Engine(checkpoint: engine.checkpoint())
    for (minute, inputs): (Int64, [Input]) in [
      (3, [.clock(Fixture.start + .minutes(3))]), (4, [Fixture.event("view", after: .minutes(4))]),
      (5, [Fixture.event("view", after: .minutes(5)), Fixture.event("view", after: .minutes(5))]), (60, []),
    ] {
      #expect(engine.live(.minutes(minute), inputs) == again.live(.minutes(minute), inputs), "minute \(minute)")
      #expect(engine.checkpoint() == again.checkpoint(), "minute \(minute)")
    }
  }
}
