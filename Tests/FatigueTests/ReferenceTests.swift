import AttuneModel
import Fatigue
import Testing

@Suite struct AgainstTheReference {
  @Test func randomWorldsAgree() {
    // Around the end of daylight saving time, where a day has 25 hours and another zone's comes twice.
    run(
      worlds: 1200, start: Instant(milliseconds: 1_761_260_400_000), zones: [.berlin, .shanghai, .twiceMidnight, .utc])
  }

  @Test(arguments: [Instant.distantPast, Instant.distantFuture - .days(12)])
  func theEdgesOfTimeAgree(start: Instant) { run(worlds: 200, start: start, zones: [.utc]) }

  private func run(worlds: UInt64, start: Instant, zones: [Zone]) {
    var (passed, conflicts, reused) = (0, 0, 0)
    var reasons: Set<FatigueVerdict.Dimension> = []
    for seed in 0..<worlds {
      var world = World(seed: seed, start: start, zones: zones)
      for step in 0..<100 { world.take(step: step) }
      if world.hasFailed { return }
      passed += world.passed
      conflicts += world.conflicts
      reused += world.reused
      reasons.formUnion(world.reasons)
    }
    #expect(passed > Int(worlds) * 5, "worlds in which nothing happens show nothing")
    #expect(reasons.count == 4)
    #expect(conflicts > Int(worlds) / 20 && reused > Int(worlds) / 20, "\(conflicts) conflicts, \(reused) used again")
  }
}
