import AttuneModel
import Lanes
import Testing

/// Channels that do not answer, or ask for a pause.
@Suite struct TroubleTests {
  private func until(_ actions: [LaneAction]) -> Instant? {
    for case .report(let trouble) in actions { return trouble.until }
    return nil
  }

  @Test func deadline() throws {
    var lane = lane()
    _ = lane.handle(.wake, at: at(0))
    _ = lane.handle(.claimed([claim(1), claim(2, whenUnknown: .atLeastOnce)]), at: at(0))
    #expect(lane.handle(.wake, at: at(9_999)) == [])
    let actions = lane.handle(.wake, at: at(10_000))
    guard case .requeue(let retries) = actions.first else { return #expect(Bool(false), "\(actions)") }
    #expect(retries.map(\.message) == [id(2)])
    #expect(retries[0].doubtful && retries[0].isAttempt && retries[0].notBefore > at(10_000))
    #expect(actions[1] == .settle([settlement(1, .unknown, code: "deadline", latency: 10_000)]))
    #expect(until(actions) != nil, "and it is told")
    #expect(lane.isIdle)
    // It got there after all; of the other one nothing new is known.
    #expect(
      lane.handle(.answered(0, [accepted, retry]), at: at(20_000)).first
        == .settle([settlement(1, .accepted, providerID: "p", latency: 20_000)]))
  }

  /// After one dispatch that never came back, single messages try, ever more seldom; the first answer opens the lane.
  @Test func probes() throws {
    var lane = lane()
    _ = lane.handle(.wake, at: at(0))
    _ = lane.handle(.claimed([claim(1), claim(2)]), at: at(0))
    var now = at(10_000)
    var open = try #require(until(lane.handle(.wake, at: now)))
    var waits: [Int64] = []
    for probe in 1...5 {
      waits.append((open - now).milliseconds)
      #expect(lane.handle(.wake, at: open - TimeSpan(milliseconds: 1)) == [])
      #expect(lane.handle(.wake, at: open) == [.claim(limit: 1)])
      _ = lane.handle(.claimed([claim(UInt64(probe) + 2)]), at: open)
      now = open + .seconds(10)
      open = try #require(until(lane.handle(.wake, at: now)))
    }
    for (doubling, wait) in waits.enumerated() {
      #expect((1000 << Int64(doubling)...2000 << Int64(doubling)).contains(wait), "\(waits)")
    }
    #expect(lane.handle(.wake, at: open) == [.claim(limit: 1)])
    _ = lane.handle(.claimed([claim(9)]), at: open)
    #expect(lane.handle(.answered(6, [retry]), at: open).last == .claim(limit: 2), "any answer is one")
  }

  @Test func standsStillWhereNothingReturns() throws {
    var lane = lane { $0.abandoned = 3 }
    var now = at(0)
    for _ in 0..<3 {
      #expect(lane.handle(.wake, at: now).first.map { if case .claim = $0 { true } else { false } } == true)
      _ = lane.handle(.claimed([claim(1)]), at: now)
      now = try #require(until(lane.handle(.wake, at: now + .seconds(10))))
    }
    #expect(lane.handle(.wake, at: now + .days(1)) == [])
    #expect(lane.handle(.answered(1, [unknown]), at: now + .days(1)) == [.claim(limit: 1)], "one has returned")
  }

  @Test func opensAfterDispatchesWithoutAnswers() {
    var lane = lane { $0.breakAfter = 3 }
    _ = lane.handle(.wake, at: at(0))
    for dispatch in 0..<3 as Range<UInt64> {
      _ = lane.handle(.claimed([claim(dispatch), claim(dispatch + 10)]), at: at(0))
      let actions = lane.handle(.answered(dispatch, [unknown, unknown]), at: at(0))
      #expect((until(actions) != nil) == (dispatch == 2))
      #expect(actions.contains(.claim(limit: 2)) == (dispatch != 2))
    }
    // One answer in between, and it takes three again.
    var other = Lanes.Lane(LaneID(channel: "log", class: .marketing), settings: lane.settings)
    _ = other.handle(.wake, at: at(0))
    for dispatch in 0..<6 as Range<UInt64> {
      _ = other.handle(.claimed([claim(dispatch), claim(dispatch + 10)]), at: at(0))
      let answers = dispatch % 3 == 2 ? [unknown, retry] : [unknown, unknown]
      #expect(until(other.handle(.answered(dispatch, answers), at: at(0))) == nil)
    }
  }

  @Test func pause() {
    var lane = lane { $0.concurrency = 2 }
    let paused = DeliveryResult(.paused(until: at(60_000), reason: "the key was revoked"))
    _ = lane.handle(.wake, at: at(0))
    _ = lane.handle(.claimed([claim(1), claim(2, attempts: 3)]), at: at(0))
    let actions = lane.handle(.answered(0, [paused, paused]), at: at(5))
    #expect(
      actions == [
        .requeue([1, 2].map { Retry(message: id($0), notBefore: at(5), isAttempt: false) }),
        .report(
          LaneTrouble(lane: lane.id, until: at(60_000), code: .paused, reason: "the key was revoked")),
        .wait(until: at(60_000)),
      ], "nothing fails, and no attempt counts")
    // Asked for before the pause: it goes back as it was.
    #expect(
      lane.handle(.claimed([claim(3), claim(4)]), at: at(6)) == [
        .requeue([3, 4].map { Retry(message: id($0), notBefore: at(6), isAttempt: false) })
      ])
    #expect(lane.handle(.wake, at: at(59_999)) == [])
    #expect(lane.handle(.wake, at: at(60_000)) == [.claim(limit: 2)])
  }

  @Test func aPauseSpeaksOfTheMessageOnlyWhereNothingElseDoes() {
    let pause = DeliveryOutcome.paused(until: at(9), reason: "r")
    func verdict(_ outcomes: DeliveryOutcome...) -> Verdict {
      DeliveryResult(devices: outcomes.map { DeviceResult(device: nil, outcome: $0) }).verdict(.atMostOnce)
    }
    #expect(verdict(pause, .failed(.badToken)) == .paused(until: at(9), reason: "r"))
    #expect(verdict(.paused(until: at(3), reason: "s"), pause) == .paused(until: at(9), reason: "r"))
    #expect(verdict(pause, .accepted(providerID: nil)) == .settle(.accepted))
    #expect(verdict(pause, .unknown) == .settle(.unknown))
    #expect(verdict(pause, .retry(after: nil)) == .again(after: nil, doubtful: false))
  }
}
