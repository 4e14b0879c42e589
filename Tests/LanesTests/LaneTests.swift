import AttuneModel
import Lanes
import Testing

/// Events in, actions out.
@Suite struct LaneTests {
  @Test func claimsDispatchesSettles() {
    var lane = lane()
    #expect(lane.handle(.wake, at: at(0)) == [.claim(limit: 2)])
    #expect(lane.handle(.wake, at: at(0)) == [], "it has asked already")
    let claims = [claim(1), claim(2)]
    #expect(lane.handle(.claimed(claims), at: at(0)) == [.dispatch(0, claims), .wait(until: at(10_000))])
    #expect(lane.inFlight == 2 && !lane.isIdle)
    let failed = DeliveryResult(.failed(.badToken))
    #expect(
      lane.handle(.answered(0, [accepted, failed]), at: at(120)) == [
        .settle([
          settlement(1, .accepted, providerID: "p", latency: 120),
          settlement(2, .failed, code: "badToken", latency: 120),
        ]), .claim(limit: 2),
      ])
    #expect(lane.handle(.claimed([]), at: at(130)) == [])
    #expect(lane.isIdle)
    #expect(lane.handle(.wake, at: at(140)) == [.claim(limit: 2)])
  }

  @Test func asksAgainOnlyWhereThereMayBeMore() {
    var lane = lane { $0.concurrency = 3 }
    _ = lane.handle(.wake, at: at(0))
    #expect(lane.handle(.claimed([claim(1), claim(2)]), at: at(0)).contains(.claim(limit: 2)), "it got all")
    #expect(lane.handle(.claimed([claim(3)]), at: at(0)) == [.dispatch(1, [claim(3)])])
    #expect(lane.handle(.answered(0, [accepted, accepted]), at: at(1)).count == 1, "the outbox had no more")
    _ = lane.handle(.wake, at: at(2))
    _ = lane.handle(.wake, at: at(2))
    #expect(lane.handle(.claimed([]), at: at(2)) == [.claim(limit: 2)], "a message may have come in meanwhile")
  }

  @Test func noMoreThanTheChannelBears() {
    var lane = lane { $0.concurrency = 2 }
    _ = lane.handle(.wake, at: at(0))
    _ = lane.handle(.claimed([claim(1), claim(2)]), at: at(0))
    #expect(lane.handle(.claimed([claim(3), claim(4)]), at: at(0)) == [.dispatch(1, [claim(3), claim(4)])])
    #expect(lane.handle(.wake, at: at(1)) == [])
    #expect(lane.handle(.answered(1, [accepted, accepted]), at: at(2)).last == .claim(limit: 2))
  }

  @Test func rate() {
    var lane = lane { ($0.batch, $0.rate) = (10, 4) }
    #expect(lane.handle(.wake, at: at(0)) == [.claim(limit: 4)])
    let claims = (1...4).map { claim($0) }
    let next = lane.handle(.claimed(claims), at: at(0))
    #expect(next.last == .wait(until: at(250)), "four a second: one takes a quarter")
    #expect(lane.handle(.answered(0, claims.map { _ in accepted }), at: at(10)).count == 1)
    #expect(lane.handle(.wake, at: at(249)) == [])
    #expect(lane.handle(.wake, at: at(250)) == [.claim(limit: 1)])
  }

  @Test func retriesWithBackoffWithinTheExpiry() throws {
    var lane = lane { $0.batch = 4 }
    _ = lane.handle(.wake, at: at(0))
    let told = DeliveryResult(.retry(after: .seconds(90)))
    _ = lane.handle(
      .claimed([claim(1, attempts: 2), claim(2), claim(3, attempts: 1, expires: 60_000), claim(4, doubtful: true)]),
      at: at(0))
    let actions = lane.handle(
      .answered(0, [retry, told, told, DeliveryResult(.failed(.rejected))]), at: at(100))
    guard case .requeue(let retries) = actions.first else { return #expect(Bool(false), "\(actions)") }
    #expect(retries.map(\.message) == [id(1), id(2)])
    #expect((4000...8000).contains((retries[0].notBefore - at(100)).milliseconds), "two seconds, doubled twice")
    #expect(retries[1] == Retry(message: id(2), notBefore: at(90_100)))
    #expect(
      actions[1]
        == .settle([
          settlement(3, .failed, code: "expired", latency: 100, attempts: 2),
          settlement(4, .unknown, code: "rejected", latency: 100),
        ]), "what was tried without an answer can never be called failed")
  }

  @Test func expiredBeforeItIsHandedOver() {
    var lane = lane()
    _ = lane.handle(.wake, at: at(0))
    let claims = [claim(1, expires: 50), claim(2, expires: 51)]
    #expect(
      lane.handle(.claimed(claims), at: at(50)) == [
        .settle([settlement(1, .withdrawn, attempts: 0)]), .dispatch(0, [claims[1]]), .wait(until: at(10_050)),
      ])
  }

  @Test func aChannelThatAnswersTooLittle() {
    var lane = lane()
    _ = lane.handle(.wake, at: at(0))
    _ = lane.handle(.claimed([claim(1), claim(2)]), at: at(0))
    #expect(
      lane.handle(.answered(0, [accepted]), at: at(5)).first
        == .settle([settlement(1, .accepted, providerID: "p", latency: 5), settlement(2, .unknown, latency: 5)]))
    #expect(lane.handle(.answered(0, [accepted]), at: at(6)) == [], "nor twice")
    #expect(lane.handle(.answered(7, [accepted]), at: at(6)) == [], "nor to what nobody asked")
  }

  @Test func withheldAndFound() {
    var lane = lane { $0.batch = 3 }
    #expect(
      lane.handle(.withheld([claim(1), claim(2, attempts: 1, doubtful: true)]), at: at(0)) == [
        .settle([settlement(1, .withdrawn, attempts: 0), settlement(2, .unknown)])
      ])
    let found = [claim(3), claim(4, attempts: 1, whenUnknown: .atLeastOnce), claim(5), claim(6)]
    #expect(lane.handle(.found(found), at: at(0)) == [.recall(0, found), .wait(until: at(10_000))])
    #expect(lane.handle(.wake, at: at(1)) == [], "first it is known what became of those")
    #expect(
      lane.handle(.answered(0, [nil, nil, retry, accepted]), at: at(2)) == [
        .requeue([
          Retry(message: id(4), notBefore: at(2), doubtful: true), Retry(message: id(5), notBefore: at(2)),
        ]), .settle([settlement(3, .unknown), settlement(6, .accepted, providerID: "p")]), .claim(limit: 3),
      ])
  }

  @Test func stops() {
    var lane = lane { $0.concurrency = 2 }
    _ = lane.handle(.wake, at: at(0))
    _ = lane.handle(.claimed([claim(1), claim(2)]), at: at(0))
    #expect(lane.handle(.stop, at: at(1)) == [])
    #expect(
      lane.handle(.claimed([claim(3)]), at: at(2)) == [
        .requeue([Retry(message: id(3), notBefore: at(2), isAttempt: false)])
      ])
    #expect(lane.handle(.answered(0, [accepted, accepted]), at: at(3)).count == 1)
    #expect(lane.handle(.wake, at: at(4)) == [])
    #expect(lane.isIdle)
  }

  @Test func aClockThatIsSetBack() {
    var lane = lane()
    _ = lane.handle(.wake, at: at(3_600_000))
    _ = lane.handle(.claimed([claim(1)]), at: at(3_600_000))
    #expect(lane.handle(.wake, at: at(1000)) == [.wait(until: at(11_000))], "ten seconds stay ten seconds")
    #expect(lane.handle(.wake, at: at(10_999)) == [])
    let actions = lane.handle(.wake, at: at(11_000))
    #expect(actions.first == .settle([settlement(1, .unknown, code: "deadline", latency: 10_000)]))
  }
}
