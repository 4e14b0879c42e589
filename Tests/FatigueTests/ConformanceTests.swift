import AttuneModel
import Fatigue
import Testing

/// What the protocol promises, of each that keeps it.
@Suite struct Conformance {
  enum Version: String, CaseIterable, Sendable {
    case one, two

    func control(_ businesses: [String: FatiguePolicy.BusinessLimit]) -> any FatigueControl {
      let policy = FatiguePolicy(
        zone: .utc, user: .init(perDay: 1000), businesses: businesses, origin: .october(1, 0))
      return switch self {
      case .one: FixedWindowFatigue(policy: policy)
      case .two: FatigueTracker(policy: policy)
      }
    }
  }

  @Test(arguments: Version.allCases) func anIdCountsOnce(version: Version) throws {
    var control = version.control(["a": .of(times: 2)])
    let first = try control.reserve(id: 7, user: "ann", business: "a", zone: nil, at: .october(1, 1))
    let again = try control.reserve(id: 7, user: "ann", business: "a", zone: nil, at: .october(1, 1))
    #expect(first.passes && again == first)
    #expect(try control.check("a").window.count == 1)
    _ = try control.reserve(id: 8, user: "ann", business: "a", zone: nil, at: .october(1, 1))
    let full = try control.reserve(id: 8, user: "ann", business: "a", zone: nil, at: .october(1, 1))
    #expect(full.passes && full.window.count == 1, "as it is without the first of that id")
    #expect(try control.reserve(id: 9, user: "ann", business: "a", zone: nil, at: .october(1, 1)).reason == .window)
    // A released id is free, as a refused one is: it is judged and counted anew, and settled anew.
    control.settle(id: 7, user: "ann", as: .release)
    #expect(try control.reserve(id: 7, user: "ann", business: "a", zone: nil, at: .october(1, 1)).passes)
    #expect(try control.check("a").window.count == 2)
    #expect(try control.reserve(id: 9, user: "ann", business: "a", zone: nil, at: .october(1, 1)).reason == .window)
    let settled = control.settle(id: 7, user: "ann", as: .commit)
    let settledAgain = control.settle(id: 7, user: "ann", as: .release)
    #expect(settled && !settledAgain)
    #expect(try control.check("a").window.count == 2)
    // Another user's id is another id.
    #expect(try control.reserve(id: 7, user: "bob", business: "a", zone: nil, at: .october(1, 1)).window.count == 0)
  }

  /// An id names one reservation, and a check of it says what `reserve` would.
  @Test(arguments: Version.allCases) func anIdIsOfOneBusiness(version: Version) throws {
    var control = version.control(["a": .of(times: 2), "b": .of(times: 2)])
    func ask(_ business: String) -> Result<FatigueVerdict, FatigueError> {
      Result { () throws(FatigueError) in
        try control.check(id: 7, user: "ann", business: business, zone: nil, at: .october(1, 1))
      }
    }
    #expect(try ask("b").get().passes)
    _ = try control.reserve(id: 7, user: "ann", business: "a", zone: nil, at: .october(1, 1))
    for settlement in [nil, FatigueSettlement.unknown, .commit] {
      if let settlement { control.settle(id: 7, user: "ann", as: settlement) }
      #expect(ask("b") == .failure(.conflict))
      #expect(throws: FatigueError.conflict) {
        try control.reserve(id: 7, user: "ann", business: "b", zone: nil, at: .october(1, 1))
      }
      #expect(try ask("a").get().window.count == 0, "as it is without it")
      #expect(try control.check("b").window.count == 0)
    }
    _ = try control.reserve(id: 8, user: "ann", business: "a", zone: nil, at: .october(1, 1))
    control.settle(id: 8, user: "ann", as: .release)
    #expect(try control.reserve(id: 8, user: "ann", business: "b", zone: nil, at: .october(1, 1)).passes)
    #expect(try control.check("b").window.count == 1)
  }

  @Test(arguments: Version.allCases, FatigueSettlement.allCases)
  func theFirstSettlementWinsSaveOverUnknown(version: Version, first: FatigueSettlement) throws {
    for second in FatigueSettlement.allCases {
      var control = version.control(["a": .of(times: 1)])
      _ = try control.reserve(id: 1, user: "ann", business: "a", zone: nil, at: .october(1, 1))
      #expect(control.settle(id: 1, user: "ann", as: first) == true)
      let wins = first == .unknown && second != .unknown
      #expect(control.settle(id: 1, user: "ann", as: second) == wins, "\(first), then \(second)")
      let stands = (wins ? second : first) != .release
      #expect(try control.check("a").window.count == (stands ? 1 : 0), "\(first), then \(second)")
      #expect(try control.check("a").passes != stands)
    }
    var control = version.control(["a": .of()])
    #expect(control.settle(id: 1, user: "ann", as: first) == false, "never counted")
    _ = try control.reserve(id: 1, user: "ann", business: "a", zone: nil, at: .october(1, 1))
    #expect(control.settle(id: 1, user: "bob", as: first) == false)
    #expect(control.settle(id: 2, user: "ann", as: first) == false)
  }

  @Test(arguments: Version.allCases) func eraseForgetsAUserWhole(version: Version) throws {
    var control = version.control(["a": .of(times: 1), "b": .of(times: 1, minGap: .days(1))])
    let fresh = control
    for (id, user) in [(1, "ann"), (2, "bob")] as [(UInt64, String)] {
      for (business, more) in [("a", 0), ("b", 10)] as [(String, UInt64)] {
        _ = try control.reserve(id: id + more, user: user, business: business, zone: nil, at: .october(1, 1))
      }
    }
    #expect(control.erase(user: "ann") == true)
    #expect(control.erase(user: "ann") == false)
    #expect(control.erase(user: "nobody") == false)
    #expect(control.settle(id: 1, user: "ann", as: .commit) == false)
    for business in ["a", "b"] {
      #expect(try control.check(business) == fresh.check(business))
      #expect(try control.check(business, user: "bob").reason == .window)
    }
  }

  @Test(arguments: Version.allCases) func anUnknownBusinessIsAnError(version: Version) throws {
    var control = version.control(["a": .of()])
    _ = try control.reserve(id: 1, user: "ann", business: "a", zone: nil, at: .october(1, 1))
    for user in ["ann", "bob"] {
      #expect { try control.check("b", user: user) } throws: { ($0 as? FatigueError)?.code == .unknownBusiness }
      #expect {
        try control.reserve(id: 1, user: user, business: "b", zone: nil, at: .october(1, 1))
      } throws: { ($0 as? FatigueError)?.code == .unknownBusiness }
    }
    control.policy.businesses["a"] = nil
    #expect(throws: FatigueError.self) { try control.check("a") }
  }

  @Test(arguments: Version.allCases, [0, -1, Int.min]) func noTimesNeverPass(version: Version, times: Int) throws {
    var control = version.control(["a": .of(times: times)])
    let verdict = try control.reserve(id: 1, user: "ann", business: "a", zone: nil, at: .october(1, 1))
    #expect(verdict.reason == .window && verdict.next == nil && verdict.window.next == nil)
    #expect(control.erase(user: "ann") == false, "a refused candidate leaves nothing")
    control.policy.businesses["a"]?.times = 1
    #expect(try control.reserve(id: 1, user: "ann", business: "a", zone: nil, at: .october(1, 1)).passes)
  }

  @Test(arguments: Version.allCases) func obeyingAndCountingAreTwoSwitches(version: Version) throws {
    var control = version.control([
      "loud": .of(times: 1, obeys: false), "mute": .of(times: 1, counts: false),
      "none": .of(times: 0, counts: false), "free": .of(times: 0, obeys: false, counts: false),
    ])
    for count in 0..<3 {
      let id = UInt64(count)
      let loud = try control.reserve(id: id, user: "ann", business: "loud", zone: nil, at: .october(1, 1))
      #expect(loud.passes && loud.next == nil && loud.window.count == count)
      for business in ["mute", "free"] {
        let verdict = try control.reserve(id: 10 + id, user: "bob", business: business, zone: nil, at: .october(1, 1))
        #expect(verdict.passes && verdict.window.count == 0)
      }
      #expect(
        try control.reserve(id: id, user: "bob", business: "none", zone: nil, at: .october(1, 1)).reason == .window)
    }
    #expect(control.erase(user: "bob") == false, "what does not count leaves nothing")
  }

  @Test(arguments: Version.allCases, 0..<100 as Range<UInt64>)
  func equalStepsGiveEqualAnswers(version: Version, seed: UInt64) {
    let steps = ConformanceStep.some(seed: seed)
    let answers = steps.answers(of: version)
    #expect(answers == steps.answers(of: version))
    #expect(answers.contains { $0.passes } && answers.contains { !$0.passes }, "seed \(seed)")
  }

  @Test(arguments: Version.allCases, 0..<100 as Range<UInt64>)
  func checksAndSweepsChangeNoAnswer(version: Version, seed: UInt64) {
    let steps = ConformanceStep.some(seed: seed)
    var random = SeededGenerator(seed: seed)
    var (checked, swept) = (0, 0)
    let disturbed = steps.answers(of: version) { control, now in
      for business in ["a", "b"] where Bool.random(using: &random) {
        checked += (try? control.check(business, at: now)) == nil ? 0 : 1
      }
      if Int.random(in: 0..<8, using: &random) == 0 {
        control.expire(before: now)
        swept += 1
      }
    }
    #expect(disturbed == steps.answers(of: version), "seed \(seed)")
    #expect(checked > 10 && swept > 1)
  }
}

extension FatigueControl {
  fileprivate func check(
    _ business: String, user: String = "ann", at instant: Instant = .october(1, 1)
  ) throws -> FatigueVerdict {
    try check(user: user, business: business, zone: nil, at: instant)
  }
}

/// Something that may happen, at instants that ascend.
private enum ConformanceStep {
  case reserve(id: UInt64, user: String, business: String, after: TimeSpan)
  case settle(id: UInt64, user: String, FatigueSettlement)
  case policy(business: String, FatiguePolicy.BusinessLimit)

  static func some(seed: UInt64) -> [ConformanceStep] {
    var random = SeededGenerator(seed: seed)
    return (1...150).map { number in
      let user = Bool.random(using: &random) ? "ann" : "bob"
      let business = Bool.random(using: &random) ? "a" : "b"
      let recent = UInt64(max(1, number - .random(in: 0...9, using: &random)))
      switch Int.random(in: 0..<10, using: &random) {
      case 0:
        let gap = TimeSpan.hours(.random(in: 0...30, using: &random))
        return .policy(
          business: business,
          .of(days: .random(in: 1...3, using: &random), times: .random(in: 0...3, using: &random), minGap: gap))
      case 1...3:
        return .settle(id: recent, user: user, FatigueSettlement.allCases.randomElement(using: &random) ?? .commit)
      default:
        let isRepeated = Int.random(in: 0..<5, using: &random) == 0
        return .reserve(
          id: isRepeated ? recent : UInt64(number), user: user, business: business,
          after: .minutes(.random(in: 0...600, using: &random)))
      }
    }
  }
}

extension [ConformanceStep] {
  /// Every verdict, in order; `between` may do to it what must not matter.
  fileprivate func answers(
    of version: Conformance.Version, between: (inout any FatigueControl, Instant) -> Void = { _, _ in }
  ) -> [FatigueVerdict] {
    var control = version.control(["a": .of(days: 1, times: 1), "b": .of(days: 2, times: 2, minGap: .hours(3))])
    var now = Instant.october(1, 0)
    var verdicts: [FatigueVerdict] = []
    for step in self {
      between(&control, now)
      switch step {
      case .reserve(let id, let user, let business, let after):
        now = now + after
        guard let verdict = try? control.reserve(id: id, user: user, business: business, zone: nil, at: now) else {
          continue
        }
        verdicts.append(verdict)
      case .settle(let id, let user, let settlement): control.settle(id: id, user: user, as: settlement)
      case .policy(let business, let limit): control.policy.businesses[business] = limit
      }
    }
    return verdicts
  }
}
