import AttuneModel
import Fatigue
import Testing

@testable import attune_bench

@Suite struct FatigueWorkloadTests {
  @Test(arguments: [(30, 30), (30, 3), (7, 2), (100, 100), (1, 1)]) func fillsEveryKeyOnce(
    businesses: Int, keysPerUser: Int
  ) throws {
    let workload = try FatigueWorkload(keys: 600, businesses: businesses, keysPerUser: keysPerUser, seed: 5)
    var calls: [FatigueWorkload.Call] = []
    workload.filling(0..<workload.keys, into: &calls)
    #expect(Set(calls.map { "\($0.user) \($0.business)" }).count == workload.keys)
    #expect(Set(calls.map(\.user)).count == workload.users && Set(calls.map(\.id)).count == workload.keys)
    var fatigue = FatigueTracker(policy: workload.policy)
    for call in calls { #expect(try reserve(call, workload, &fatigue).passes, "\(call)") }

    // On the day that is measured every window is still open.
    let end = workload.start + .days(Int64(FatigueWorkload.fillingDays + 1)) - TimeSpan(milliseconds: 1)
    for call in calls {
      let verdict = try fatigue.check(
        user: call.user, business: workload.businesses[call.business], zone: nil, at: end)
      #expect(verdict.window.count == 1, "\(call)")
    }
  }

  @Test func theDayAsksOnlyForLiveKeysAndMixesVerdicts() throws {
    let workload = try FatigueWorkload(keys: 3000, businesses: 30, keysPerUser: 3, seed: 6)
    var fatigue = FatigueTracker(policy: workload.policy)
    var calls: [FatigueWorkload.Call] = []
    workload.filling(0..<workload.keys, into: &calls)
    let keys = Set(calls.map { "\($0.user) \($0.business)" })
    for call in calls { _ = try reserve(call, workload, &fatigue) }
    workload.traffic(0..<workload.candidates, into: &calls)
    var passed = 0
    for call in calls {
      #expect(keys.contains("\(call.user) \(call.business)"))
      if try reserve(call, workload, &fatigue).passes { passed += 1 }
    }
    #expect((0.2...0.6).contains(Double(passed) / Double(workload.candidates)), "\(passed) pass")
    #expect(zip(calls, calls.dropFirst()).allSatisfy { $0.at <= $1.at })
  }

  /// In whatever portions it is taken.
  @Test func sameForEveryone() throws {
    let workload = try FatigueWorkload(keys: 90, businesses: 30, keysPerUser: 30, seed: 7)
    var whole: [FatigueWorkload.Call] = []
    var part: [FatigueWorkload.Call] = []
    workload.traffic(0..<workload.candidates, into: &whole)
    workload.traffic(11..<17, into: &part)
    #expect(part.map(\.id) == whole[11..<17].map(\.id) && part.map(\.user) == whole[11..<17].map(\.user))
    #expect(part.map(\.business) == whole[11..<17].map(\.business) && part.map(\.at) == whole[11..<17].map(\.at))
  }

  @Test func sizesUpToTheOneThatIsAskedFor() {
    func sizes(_ keys: Int, _ keysPerUser: Int) -> [[Int]] {
      FatigueSizes(keys: keys, keysPerUser: keysPerUser).all.map { [$0.keys, $0.keysPerUser] }
    }
    #expect(sizes(10_000_000, 30) == [[100_000, 30], [1_000_000, 30], [10_000_000, 30], [1_000_000, 3]])
    #expect(sizes(20_000, 2) == [[20_000, 2]])
  }

  /// The script in Redis does what the library does.
  @Test(.enabled(if: RedisServer.program != nil)) func redisAgrees() throws {
    let program = try #require(RedisServer.program)
    let server = try RedisServer(program: program)
    defer { server.stop() }
    var benchmark = RedisBenchmark(server)
    for keysPerUser in [3, 30] {
      let workload = try FatigueWorkload(keys: 900, businesses: 30, keysPerUser: keysPerUser, seed: 8)
      #expect(try benchmark.agree(on: workload) == workload.keys + workload.candidates)
    }
  }

  private func reserve(
    _ call: FatigueWorkload.Call, _ workload: FatigueWorkload, _ fatigue: inout FatigueTracker
  ) throws -> FatigueVerdict {
    try fatigue.reserve(
      id: call.id, user: call.user, business: workload.businesses[call.business], zone: nil, at: call.at)
  }
}
