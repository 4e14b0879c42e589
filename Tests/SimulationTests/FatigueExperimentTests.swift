import AttuneModel
import Codec
import Fatigue
import Insight
import Testing

@testable import Simulation

@Suite struct FatigueExperimentTests {
  /// The seed's claim, end to end. Each fault has to show in the old version, else the experiment says nothing.
  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func theOldShowsItsThreeFaultsAndTheNewNone(seed: UInt64) throws {
    let experiment = try FatigueExperiment(seed: seed, users: 400, days: 10, log: nil)
    let result = try #require(experiment.results.first)
    Self.expectCured(result, "seed \(seed)")
    #expect(result.two.reaches.users == result.one.reaches.users, "nobody is left out for it")
    #expect(result.two.reaches.cases > result.one.reaches.cases / 2)

    // Nor is it the limits of user and scene, which the old one does not know, that cure it.
    var policy = result.traffic.policy
    policy.user.perDay = .max
    policy.scenes = [:]
    let alone = try FatigueExperiment.Result(
      FatigueTraffic(name: "alone", candidates: result.traffic.candidates, policy: policy))
    Self.expectCured(alone, "seed \(seed), business dimension alone")
    #expect(alone.one == result.one)
  }

  private static func expectCured(_ result: FatigueExperiment.Result, _ context: Comment) {
    let (one, two) = (result.one, result.two)
    #expect(one.adjacentDays.users > 10 && one.withinPeriod.users >= one.adjacentDays.users, context)
    #expect(one.hourAfterChange.users > 1 && one.afterChange.users > 10, context)
    #expect(one.closerThanGap.users > 10 && one.gaps[0] > 10 && !one.isFaultless, context)
    #expect(two.isFaultless, context)
    #expect(two.gaps[...2].allSatisfy { $0 == 0 } && two.gaps[3...].reduce(0, +) > 100, context)
    let medians = (one.medianGap ?? .zero, two.medianGap ?? .zero)
    #expect(medians.0 < .hours(1) && medians.1 > .hours(12), context)
  }

  @Test func everyCandidateIsAnsweredByBoth() throws {
    let result = try FatigueExperiment.Result(FatigueTraffic(population: 7, users: 100, days: 6))
    for measures in [result.one, result.two] {
      let refused = measures.refused.values.reduce(0, +)
      #expect(measures.reaches.cases + refused == result.traffic.candidates.count)
    }
    #expect(Set(result.one.refused.keys) == [.window])
    #expect(result.two.refused.keys.contains(.gap))
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    func bytes(_ seed: UInt64) throws -> [String] {
      let experiment = try FatigueExperiment(seed: seed, users: 60, days: 6, log: nil)
      var json = JSONWriter()
      json.write(experiment)
      return [json.text, experiment.text, BarChart.svg(experiment.results.map(\.chart))]
    }
    let first = try bytes(5)
    #expect(try first == bytes(5))
    #expect(try zip(first, bytes(6)).allSatisfy { $0 != $1 })
  }

  @Test func aPopulationIsWhatItSays() {
    let traffic = FatigueTraffic(population: 3, users: 200, days: 8)
    #expect(zip(traffic.candidates, traffic.candidates.dropFirst()).allSatisfy { $0.at <= $1.at })
    #expect(Set(traffic.candidates.map(\.business)) == Set(traffic.policy.businesses.keys))
    #expect(Set(traffic.policy.businesses.values.map(\.scene)).count == 2)
    let zone = traffic.policy.zone
    #expect(zone.timeOfDay(traffic.change) == 20 * 3_600_000)
    let late = traffic.candidates.count { [22, 23, 0].contains(zone.timeOfDay($0.at) / 3_600_000) }
    #expect(late * 4 > traffic.candidates.count, "\(late) around midnight")
    #expect(traffic.changed.businesses["price-drop"]?.days == 2 && traffic.changed.businesses["daily-pick"]?.days == 1)
    #expect(FatigueTraffic(population: 3, users: 0, days: .min).candidates.count < 100, "kept within bounds")
  }

  @Test func nothingHappensToNobody() throws {
    let policy = FatiguePolicy(zone: .utc, user: .init(perDay: 1))
    let result = try FatigueExperiment.Result(FatigueTraffic(name: "log", candidates: [], policy: policy))
    #expect(result.one == result.two && result.one.isFaultless && result.one.medianGap == nil)
    #expect(!result.table.isEmpty && !result.chart.text().isEmpty)
    #expect(throws: FatigueError.self) {
      let stranger = FatigueTraffic.Candidate(at: .distantPast, user: "ann", business: "none")
      _ = try FatigueExperiment.Result(FatigueTraffic(name: "log", candidates: [stranger], policy: policy))
    }
  }
}
