import AttuneModel
import Fatigue
import Testing

@Suite struct State {
  private let policy = FatiguePolicy(
    zone: .utc, user: .init(perDay: 9), scenes: ["feed": .init(times: 9, window: .days(1))],
    businesses: ["a": .of(days: 2, minGap: .hours(1)), "b": .of(days: 1)])

  private func record(_ fatigue: inout FatigueTracker, _ id: UInt64, _ user: String, _ business: String, _ day: Int64)
    throws
  {
    try fatigue.record(id: id, user: user, business: business, zone: nil, at: .october(day, 0))
  }

  @Test func equalContentHasEqualBytesWhateverCameFirst() throws {
    var one = FatigueTracker(policy: policy)
    var other = FatigueTracker(policy: policy)
    try record(&one, 1, "ann", "a", 1)
    try record(&one, 2, "bob", "b", 1)
    try record(&other, 2, "bob", "b", 1)
    try record(&other, 1, "ann", "a", 1)
    #expect(one == other && one.encoded() == other.encoded())
    // A name nobody uses any more leaves no trace.
    try record(&other, 3, "eve", "b", 1)
    other.erase(user: "eve")
    #expect(one == other)
    try record(&other, 3, "eve", "b", 1)
    #expect(one != other)
    #expect(try FatigueTracker(decoding: one.encoded()) == one)
  }

  @Test func aGapOnceWithoutEndHoldsNoLaterReach() throws {
    var fatigue = FatigueTracker(policy: policy)
    for (id, day, gap) in [(1, 1, TimeSpan(milliseconds: .max)), (2, 4, .zero), (3, 7, .zero), (3, 20, .zero)]
      as [(UInt64, Int64, TimeSpan)]
    {
      fatigue.policy.businesses["a"]?.minGap = gap
      try fatigue.record(id: id, user: "ann", business: "a", zone: nil, at: .october(day, 0))
    }
    let verdict = try fatigue.check(user: "ann", business: "a", zone: nil, at: .october(20, 0))
    #expect(verdict.window.count == 1, "id 3 was long forgotten, so it counts again")
  }

  @Test func sweepingForgetsWhatHasEnded() throws {
    var fatigue = FatigueTracker(policy: policy)
    try record(&fatigue, 1, "ann", "a", 1)
    try record(&fatigue, 2, "bob", "b", 1)
    #expect(fatigue.userCount == 2 && fatigue.keyCount == 4)
    fatigue.expire(before: .october(2, 0))
    #expect(fatigue.userCount == 2 && fatigue.keyCount == 2, "the scene's windows have ended, a day later in no zone")
    fatigue.expire(before: .october(3, 0) - TimeSpan(milliseconds: 1))
    #expect(fatigue.userCount == 2)
    fatigue.expire(before: .october(3, 0))
    #expect(fatigue == FatigueTracker(policy: policy))
  }

  @Test func aUserCanBeMovedAndErased() throws {
    var home = FatigueTracker(policy: policy)
    var away = FatigueTracker(policy: policy)
    try record(&away, 9, "bob", "b", 1)
    try record(&home, 1, "ann", "a", 1)
    try record(&home, 2, "ann", "b", 1)
    let bytes = try #require(home.export(user: "ann"))
    let before = try home.check(user: "ann", business: "b", zone: nil, at: .october(1, 0))
    try away.import(bytes)
    try away.import(bytes)
    #expect(try away.check(user: "ann", business: "b", zone: nil, at: .october(1, 0)) == before)
    #expect(away.export(user: "ann") == bytes && away.userCount == 2)
    #expect(home.erase(user: "ann") == true)
    #expect(home.erase(user: "ann") == false)
    #expect(home.export(user: "ann") == nil && home == FatigueTracker(policy: policy))
  }

  @Test func damagedBytesAreRefusedOrHarmless() throws {
    var fatigue = FatigueTracker(policy: policy)
    for id in 0..<6 as Range<UInt64> { try record(&fatigue, id, "ann", id % 2 == 0 ? "a" : "b", 1) }
    let bytes = fatigue.encoded()
    for count in bytes.indices {
      #expect(throws: BinaryError.self) { try FatigueTracker(decoding: Array(bytes.prefix(count))) }
    }
    var random = SeededGenerator(seed: 1)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] = .random(in: 0...255, using: &random)
      guard var state = try? FatigueTracker(decoding: damaged) else { continue }
      state.policy = policy
      _ = try state.reserve(id: 99, user: "ann", business: "a", zone: nil, at: .october(1, 9))
      state.settle(id: 0, user: "ann", as: .release)
      state.expire(before: .october(2, 0))
      #expect(state.encoded().isEmpty == false)
    }
    #expect(throws: BinaryError.self) { try FatigueTracker(decoding: [1] + bytes.dropFirst()) }
  }
}
