import AttuneModel
import Fatigue
import Learning
import Materials
import Testing

@testable import Reach

/// One ending, and what is told of it: trace, count, record and lesson never disagree.
@Suite struct EndingTests {
  private static let at = Fixture.start
  private static let candidate = Candidate(
    id: CandidateID(partition: 3, number: 7), user: "u1", business: "sale", priority: 1,
    origin: .match(rule: "bought", version: 2), matched: at - .seconds(1), emit: [])

  private static func ending(_ body: (inout Ending) -> Void) -> Ending {
    var ending = Ending(candidate, at: at, scene: "trade")
    body(&ending)
    return ending
  }

  private static let pick = Pick(
    wording: .init(material: "gentle", title: "T", body: "B", how: "learned: ..."), channel: "log", isQuiet: true)

  @Test func whatIsSentSaysWhat() throws {
    let ending = Self.ending { $0.pick = Self.pick }
    #expect(ending.trace.outcome == .sent && ending.trace.material == "gentle" && ending.trace.obstacle == nil)
    #expect(
      ending.count(on: 3)
        == Tally.Key(
          day: 3, stage: .sent, source: .rule("bought"), scene: "trade", business: "sale", detail: "gentle"))
    #expect(ending.decision.material == "gentle" && ending.decision.manner == .quiet && ending.decision.until == nil)
    let lesson = try #require(ending.decision.lesson(.learned, segment: "", context: nil))
    guard case .sent(isQuiet: true, at: _) = lesson.what else { throw Diagnostics() }
    #expect(lesson.copy == "gentle")
  }

  @Test func aRefusalNamesItsObstacleEverywhere() throws {
    let obstacles: [Obstacle] = [
      .validity, .campaign, .holdout, .filter("consent"), .materials, .choice, .quota, .fatigue(nil),
    ]
    for obstacle in obstacles {
      let ending = Self.ending {
        $0.pick = Self.pick
        $0.refuse(obstacle, "because", next: Self.at + .hours(1))
      }
      #expect(ending.trace.obstacle == obstacle && ending.trace.checks.last?.obstacle == obstacle)
      #expect(ending.trace.reason == "because" && ending.trace.next == Self.at + .hours(1))
      #expect(ending.count(on: 0).stage == .refused && ending.count(on: 0).detail == obstacle.name)
      #expect(ending.decision.outcome == .refused && ending.decision.material == nil)
      #expect((ending.decision.manner == .held) == (obstacle == .choice))
      #expect(ending.message(from: try Self.business()) == nil)
    }
  }

  @Test func whatIsPutOffIsToldUntilWhen() throws {
    let until = Self.at + .hours(8)
    let ending = Self.ending { $0.putOff(.filter("quietHours"), "quiet", until: until) }
    #expect(ending.trace.outcome == .deferred && ending.trace.next == until && ending.decision.until == until)
    #expect(ending.count(on: 0).stage == .deferred && ending.count(on: 0).detail == "quietHours")
    guard case .deferred = ending.decision.lesson(.learned, segment: "", context: nil)?.what else {
      throw Diagnostics()
    }
  }

  @Test func whatIsTakenBackTeachesNothing() {
    let ending = Self.ending { $0.outcome = .retracted(.unsettled, material: "gentle") }
    #expect(ending.trace.outcome == .retracted && ending.trace.reason == "unsettled")
    #expect(ending.trace.material == "gentle" && ending.decision.outcome == .retracted)
    #expect(ending.count(on: 0).stage == .retracted && ending.count(on: 0).detail == "unsettled")
    #expect(ending.decision.lesson(.learned, segment: "", context: nil) == nil)
  }

  private static func business() throws -> Business {
    let engine = try Fixture.engine()
    return try #require(engine.configuration.businesses["thanks"])
  }

  /// Whatever happens: what the traces tell is what is counted, and what is recorded.
  @Test(arguments: UInt64(1)...8) func countsAreThoseOfTheTraces(seed: UInt64) throws {
    var engine = Engine()
    var random = try RandomInputs(seed: seed)
    var sent: [CandidateID] = []
    var sources: Set<Origin.Source.Kind> = []
    for number in 0...60 {
      var batch = number == 0 ? try RandomInputs.first(.live) : random.batch(.live, sent: sent)
      if number == 1 { batch.inputs.append(.campaign(.launch(try Fixture.campaign()))) }
      let zone = engine.configuration.fatigue.zone
      let effects = engine.handle(batch)
      sent += effects.messages.map(\.id)
      // A batch with a new configuration may change the zone of its days within.
      guard zone == engine.configuration.fatigue.zone else { continue }
      var expected = Tally()
      for trace in effects.traces {
        let (stage, detail): (Tally.Stage, String) =
          switch trace.outcome {
          case .sent: (.sent, trace.material ?? "")
          case .refused: (.refused, trace.obstacle?.name ?? "")
          case .deferred: (.deferred, trace.obstacle?.name ?? "")
          case .reserved: (.reserved, "")
          case .retracted: (.retracted, trace.reason ?? "")
          }
        sources.insert(trace.origin.source.kind)
        expected.add(
          Tally.Key(
            day: zone.day(trace.at), stage: stage, source: trace.origin.source, scene: trace.scene,
            business: trace.business, detail: detail))
      }
      let told: Set<Tally.Stage> = [.sent, .refused, .deferred, .retracted]
      let counted = effects.tally.counts.filter {
        told.contains($0.key.stage) && $0.key.source != .reservation && !$0.key.business.isEmpty
      }
      #expect(counted == expected.counts, "seed \(seed), batch \(number)")
      #expect(effects.decisions.map(\.outcome) == effects.traces.map(\.outcome), "seed \(seed), batch \(number)")
      #expect(effects.messages.count == effects.traces.count { $0.outcome == .sent })
      for (decision, trace) in zip(effects.decisions, effects.traces) {
        #expect(trace.id == .candidate(decision.candidate) && trace.at == decision.at)
        #expect((decision.manner == .held) == (trace.outcome == .refused && trace.obstacle == .choice))
      }
    }
    #expect(sources == [.rule, .campaign], "seed \(seed): \(sources)")
  }

  /// Where a candidate comes from is told by all that is said of it.
  @Test func originsAreTold() throws {
    let (engine, _) = try Fixture.launched(try Fixture.campaign(), count: 200)
    var running = engine
    let effects = running.live(
      .minutes(6), [Fixture.reserve("r1"), Fixture.event("buy", "u7", after: .seconds(358))])
    #expect(effects.traces.contains { $0.origin == .campaign })
    #expect(effects.tally.total(.routed) { $0.source == .campaign } > 0)
    #expect(effects.tally.total(.reserved) { $0.source == .reservation } == 1)
    let late = running.live(.seconds(362))
    #expect((effects.traces + late.traces).contains { $0.origin == .match(rule: "bought", version: 1) })
  }
}
