import AttuneModel
import Fatigue
import Reach
import Testing

/// Whose reservation an id names, told as plainly as it can be: every reservation that is judged is counted under a number
/// of its own, and one list says which id stands for which.
private struct PlainReservations {
  struct Holder {
    var user: String
    var business: String
    var number: UInt64
  }

  var fatigue: FatigueTracker
  var holders: [String: Holder] = [:]
  var next: UInt64 = 0

  enum Answer: Equatable {
    case passed, refused, conflict
  }

  mutating func reserve(_ id: String, _ user: String, _ business: String, at: Instant) throws -> Answer {
    if let holder = holders[id] { return holder.user == user && holder.business == business ? .passed : .conflict }
    let verdict = try fatigue.check(user: user, business: business, at: at)
    guard verdict.passes else { return .refused }
    guard fatigue.policy.businesses[business]?.counts == true else { return .passed }
    next += 1
    try fatigue.record(id: next, user: user, business: business, at: at)
    holders[id] = Holder(user: user, business: business, number: next)
    return .passed
  }

  mutating func settle(_ id: String, _ user: String, _ settlement: FatigueSettlement) -> Bool {
    guard let holder = holders[id], holder.user == user else { return false }
    let isChanged = fatigue.settle(id: holder.number, user: user, as: settlement)
    if settlement == .release, isChanged { holders[id] = nil }
    return isChanged
  }

  mutating func erase(_ user: String) {
    fatigue.erase(user: user)
    holders = holders.filter { $0.value.user != user }
  }
}

@Suite struct ReservationModelTests {
  private let users = ["ann", "bob", "cem", "dee"]
  private let ids = (0..<6).map { "m\($0)" }

  private func answer(_ answer: ReservationAnswer) -> PlainReservations.Answer? {
    switch answer.ruling {
    case .verdict(let verdict): verdict.passes ? .passed : .refused
    case .conflict: .conflict
    case .unknownBusiness, .unknownZone: nil
    }
  }

  /// Batches of everything that can happen to an id, to an engine that is stored and read again now and then, and to one
  /// that repeats what was decided.
  @Test func anIdNamesOneReservationOfAllUsers() throws {
    var (conflicts, passed, refused) = (0, 0, 0)
    for seed in 0..<60 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      var engine = try Fixture.engine()
      var repeated = engine
      var plain = PlainReservations(fatigue: FatigueTracker(policy: engine.configuration.fatigue))
      var at = Fixture.start
      for step in 0..<60 {
        let isLong = Int.random(in: 0..<20, using: &random) == 0
        at = at + (isLong ? .days(12) : .minutes(.random(in: 0...40, using: &random)))
        if isLong {
          // All is forgotten by then, and swept.
          plain.holders = [:]
          let batch = Batch(pace: .live, clock: at, inputs: [])
          repeated.apply(batch, record: engine.handle(batch).record)
        }
        var inputs: [Input] = []
        var expected: [PlainReservations.Answer] = []
        var acknowledged: [Bool] = []
        for _ in 0..<Int.random(in: 1...8, using: &random) {
          let id = ids.randomElement(using: &random) ?? ""
          let user = users.randomElement(using: &random) ?? ""
          switch Int.random(in: 0..<24, using: &random) {
          case 0:
            inputs.append(.erase(user: user))
            plain.erase(user)
          case 1:
            inputs.append(.eraseFatigue(user: user))
            plain.erase(user)
          case 2..<9:
            let settlement = FatigueSettlement.allCases.randomElement(using: &random) ?? .commit
            inputs.append(Fixture.settle(id, settlement, user: user))
            acknowledged.append(plain.settle(id, user, settlement))
          default:
            let business = ["orders", "news", "thanks"].randomElement(using: &random) ?? ""
            inputs.append(Fixture.reserve(id, user, business))
            expected.append(try plain.reserve(id, user, business, at: at))
          }
        }
        if case .reserve(let reservation)? = inputs.first {
          let told = Result { try engine.check(reservation, zone: nil, at: at) }
          let isConflict = if case .failure = told { true } else { false }
          #expect(isConflict == (expected[0] == .conflict), "check, seed \(seed), step \(step)")
          if let verdict = try? told.get() { #expect(verdict.passes == (expected[0] == .passed)) }
        }
        let batch = Batch(pace: .live, clock: at, inputs: inputs)
        let effects = engine.handle(batch)
        repeated.apply(batch, record: effects.record)
        try #require(effects.answers.map { answer($0) } == expected, "seed \(seed), step \(step)")
        let settled = zip(inputs, effects.acknowledgements).compactMap { input, acknowledgement in
          if case .settleReservation = input { acknowledgement == .accepted } else { nil }
        }
        try #require(settled == acknowledged, "seed \(seed), step \(step)")
        conflicts += expected.count { $0 == .conflict }
        passed += expected.count { $0 == .passed }
        refused += expected.count { $0 == .refused }
        let bytes = engine.checkpoint()
        try #require(repeated.checkpoint() == bytes, "seed \(seed), step \(step)")
        if Int.random(in: 0..<5, using: &random) == 0 { engine = try Engine(checkpoint: bytes) }
      }
    }
    #expect(conflicts > 500 && passed > 500 && refused > 100, "\(conflicts), \(passed), \(refused)")
  }
}
