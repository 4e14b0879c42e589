import AttuneModel
import Fatigue
import Testing

/// A small world of random policies, reaches and clocks, and everyone who must agree about it.
struct World {
  let seed: UInt64
  var random: SeededGenerator
  var policy: FatiguePolicy
  var now: Instant
  /// No instant comes before the last sweep.
  var swept: Instant
  let zones: [Zone]

  var reference = ReferenceFatigue()
  /// Reserves, is never swept.
  var plain = FatigueTracker(policy: .nobody)
  /// Is told what `plain` decided, as a journal would.
  var recorded = FatigueTracker(policy: .nobody)
  /// Reserves, and is swept, encoded, decoded, exported and imported all the time.
  var tossed = FatigueTracker(policy: .nobody)

  var nextID: UInt64 = 0
  var counted: [(id: UInt64, user: String, business: String, at: Instant)] = []
  var hints: [Instant] = []
  var step = 0
  var hasFailed = false
  var passed = 0
  var conflicts = 0
  var reused = 0
  var reasons: Set<FatigueVerdict.Dimension> = []

  init(seed: UInt64, start: Instant, zones: [Zone]) {
    self.seed = seed
    self.zones = zones
    random = SeededGenerator(seed: seed)
    now = start
    swept = .distantPast
    policy = Self.policy(&random, zones)
    publish()
  }

  private mutating func publish() {
    plain.policy = policy
    recorded.policy = policy
    tossed.policy = policy
  }

  mutating func take(step number: Int) {
    moveClock()
    step = number
    switch Int.random(in: 0..<20, using: &random) {
    case 0:
      policy = Self.policy(&random, zones)
      publish()
    case 1: toss()
    case 2...6: settle()
    case 7: repeatReserve()
    case 8...10: check()
    default: reserve()
    }
    if number % 16 == 0 { agree(plain.encoded() == recorded.encoded()) }
  }

  /// The first disagreement ends the world; what follows from it says nothing new.
  private mutating func agree(_ condition: Bool) {
    if !condition, !hasFailed { Issue.record("seed \(seed), step \(step)") }
    hasFailed = hasFailed || !condition
  }

  private mutating func moveClock() {
    let hour: Int64 = 3_600_000
    switch Int.random(in: 0..<10, using: &random) {
    case 0: break
    case 1: now = now - TimeSpan(milliseconds: .random(in: 0...(8 * hour), using: &random))
    case 2: now = now + TimeSpan(milliseconds: 1)
    case 3, 4:
      now = (hints.randomElement(using: &random) ?? now) - TimeSpan(milliseconds: .random(in: 0...1, using: &random))
    case 5: now = now + TimeSpan(milliseconds: .random(in: 0...(30 * hour), using: &random))
    default: now = now + TimeSpan(milliseconds: .random(in: 0...(4 * hour), using: &random))
    }
    now = max(now, swept)
  }

  private mutating func candidate() -> (user: String, business: String, zone: Zone?) {
    let user = ["ann", "bob"].randomElement(using: &random) ?? "ann"
    let business = Self.businesses.randomElement(using: &random) ?? "a"
    return (user, business, Bool.random(using: &random) ? zones.randomElement(using: &random) : nil)
  }

  private mutating func check() {
    let (user, business, zone) = candidate()
    let expected = reference.check(user: user, business: business, zone: zone, at: now, policy: policy)
    let before = plain.encoded()
    for fatigue in [plain, tossed] {
      let verdict = try? fatigue.check(user: user, business: business, zone: zone, at: now)
      agree(verdict == expected)
    }
    agree(plain.encoded() == before)
    guard let expected else { return }
    // `next` is true: a millisecond before it the dimension still fails, at it it passes.
    for dimension in FatigueVerdict.Dimension.allCases {
      guard let next = expected.next(dimension) else { continue }
      let early = try? plain.check(
        user: user, business: business, zone: zone, at: next - TimeSpan(milliseconds: 1))
      let due = try? plain.check(user: user, business: business, zone: zone, at: next)
      agree(early?.passes(dimension) == false && due?.passes(dimension) == true)
    }
  }

  private mutating func reserve() {
    let (user, business, zone) = candidate()
    nextID += 1
    let expected = reference.reserve(
      id: nextID, user: user, business: business, zone: zone, at: now, policy: policy)
    let verdict = try? plain.reserve(
      id: nextID, user: user, business: business, zone: zone, at: now)
    let other = try? tossed.reserve(
      id: nextID, user: user, business: business, zone: zone, at: now)
    agree(verdict == expected && other == expected)
    guard let verdict else { return }
    hints = (FatigueVerdict.Dimension.allCases.compactMap { verdict.next($0) } + hints.prefix(3))
    if let reason = verdict.reason { reasons.insert(reason) }
    guard verdict.passes else { return }
    passed += 1
    try? recorded.record(id: nextID, user: user, business: business, zone: zone, at: now)
    if reference.contains(nextID) { counted.append((nextID, user, business, now)) }
  }

  /// Within the day after it, an id is remembered by everyone: the same again counts nothing, another business's is a
  /// conflict, and a released one is free.
  private mutating func repeatReserve() {
    guard let reach = counted.randomElement(using: &random), now - reach.at < .hours(20) else { return }
    let zone = zones.randomElement(using: &random)
    let isOther = Int.random(in: 0..<3, using: &random) == 0
    let business = isOther ? Self.businesses.randomElement(using: &random) ?? "a" : reach.business
    let wasFree = !reference.contains(reach.id)
    let isConflict =
      policy.businesses[business] != nil
      && reference.isConflict(reach.id, user: reach.user, business: business)
    let expected =
      isConflict
      ? nil
      : reference.reserve(
        id: reach.id, user: reach.user, business: business, zone: zone, at: now, policy: policy)
    let before = plain.encoded()
    let told = Result { () throws(FatigueError) in
      try plain.check(id: reach.id, user: reach.user, business: business, zone: zone, at: now)
    }
    agree(plain.encoded() == before)
    let answer = Result { () throws(FatigueError) in
      try plain.reserve(id: reach.id, user: reach.user, business: business, zone: zone, at: now)
    }
    let other = Result { () throws(FatigueError) in
      try tossed.reserve(id: reach.id, user: reach.user, business: business, zone: zone, at: now)
    }
    agree(told == answer && other == answer && (try? answer.get()) == expected)
    if case .failure(let error) = answer { agree((error.code == .conflict) == isConflict) }
    if isConflict { conflicts += 1 }
    guard expected?.passes == true else { return }
    try? recorded.record(id: reach.id, user: reach.user, business: business, zone: zone, at: now)
    guard wasFree, reference.contains(reach.id) else { return }
    reused += 1
    counted.append((reach.id, reach.user, business, now))
  }

  private mutating func settle() {
    guard let reach = (Bool.random(using: &random) ? counted.last : counted.randomElement(using: &random)) else {
      return
    }
    let settlement: FatigueSettlement =
      [.commit, .unknown, .release, .release].randomElement(using: &random) ?? .commit
    let expected = reference.settle(id: reach.id, user: reach.user, as: settlement)
    agree(plain.settle(id: reach.id, user: reach.user, as: settlement) == expected)
    recorded.settle(id: reach.id, user: reach.user, as: settlement)
    tossed.settle(id: reach.id, user: reach.user, as: settlement)
  }

  private mutating func toss() {
    if Bool.random(using: &random) {
      swept = max(swept, now)
      tossed.expire(before: now)
    }
    if let copy = try? FatigueTracker(decoding: tossed.encoded()) {
      tossed = copy
      tossed.policy = policy
    }
    if let bytes = tossed.export(user: "ann") {
      tossed.erase(user: "ann")
      try? tossed.import(bytes)
    }
  }

  private static let businesses = ["a", "b", "c", "d"]

  private static func policy(_ random: inout SeededGenerator, _ zones: [Zone]) -> FatiguePolicy {
    let gaps: [TimeSpan] = [.zero, .hours(1), .hours(4), .hours(30), .days(5), TimeSpan(milliseconds: .max)]
    var policy = FatiguePolicy(
      zone: zones.randomElement(using: &random) ?? .utc,
      user: .init(
        perDay: .random(in: 0...9, using: &random), reserve: .random(in: 0...3, using: &random),
        reservePriority: .random(in: 3...9, using: &random)))
    for scene in ["s", "t"] where Int.random(in: 0..<4, using: &random) > 0 {
      let window: TimeSpan = [.hours(1), .minutes(90), .days(1), .days(3)].randomElement(using: &random) ?? .zero
      policy.scenes[scene] = .init(times: .random(in: 0...5, using: &random), window: window)
    }
    for business in businesses where Int.random(in: 0..<12, using: &random) > 0 {
      policy.businesses[business] = .init(
        scene: ["s", "t"].randomElement(using: &random) ?? "s", days: .random(in: 1...4, using: &random),
        times: .random(in: 0...5, using: &random),
        minGap: gaps[min(Int.random(in: 0..<9, using: &random), Int.random(in: 0..<6, using: &random))],
        priority: .random(in: 0...9, using: &random), obeys: Int.random(in: 0..<8, using: &random) > 0,
        counts: Int.random(in: 0..<8, using: &random) > 0)
    }
    return policy
  }
}

extension FatigueVerdict {
  func next(_ dimension: Dimension) -> Instant? {
    switch dimension {
    case .user: user?.next
    case .scene: scene?.next
    case .window: window.next
    case .gap: gap?.next
    }
  }

  func passes(_ dimension: Dimension) -> Bool {
    switch dimension {
    case .user: user?.passes ?? true
    case .scene: scene?.passes ?? true
    case .window: window.passes
    case .gap: gap?.passes ?? true
    }
  }
}
