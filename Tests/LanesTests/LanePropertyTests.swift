import AttuneModel
import Lanes
import Testing

/// Random channels, clocks and outboxes against plain bookkeeping: what each message went through, kept as a list.
@Suite struct LanePropertyTests {
  @Test(arguments: 1...150) func keepsItsPromises(seed: UInt64) {
    var world = LaneWorld(seed: seed)
    for _ in 0..<400 { world.step() }
    world.comeToAnEnd()
    #expect(world.broken == [], "seed \(seed)")
    #expect(world.dispatched > 20, "seed \(seed): nothing happened")
  }
}

/// An outbox, a channel and a clock around one lane.
private struct LaneWorld {
  /// What one handing over came to. `nil` while nobody knows.
  private struct Try {
    var flight: UInt64
    var outcome: DeliveryOutcome?
    var isOverdue = false
  }

  private struct Row {
    var claim: Claim
    enum State { case queued, claimed, settled }
    var state = State.queued
    var due = at(0)
    var tries: [Try] = []
    var settlements: [Settlement] = []
  }

  private struct Flight {
    var number: UInt64
    var claims: [Claim]
    var started: Instant
  }

  private var random: SeededGenerator
  private var lane: Lane
  private var rows: [Row] = []
  private var flights: [Flight] = []
  private var now = at(1000)
  private var isCalm = false
  private var pausedUntil = Instant.distantPast
  private var sent: [(at: Instant, count: Int)] = []
  private(set) var broken: Set<String> = []
  private(set) var dispatched = 0

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    var settings = LaneSettings()
    settings.batch = Int.random(in: 1...4, using: &random)
    settings.concurrency = Int.random(in: 1...3, using: &random)
    settings.rate = Bool.random(using: &random) ? Int.random(in: 1...20, using: &random) : nil
    settings.deadline = .seconds(5)
    settings.longestRetry = .seconds(20)
    settings.seed = seed
    lane = Lane(LaneID(channel: "log", class: .marketing), settings: settings)
  }

  mutating func step() {
    switch Int.random(in: 0..<10, using: &random) {
    case 0...1: add()
    case 2...4: now = now + TimeSpan(milliseconds: Int64.random(in: 0...3000, using: &random))
    case 5...7: answer()
    case 8: withhold()
    default: break
    }
    tell(.wake)
  }

  /// The channel works from here on, and everything ends.
  mutating func comeToAnEnd() {
    isCalm = true
    for _ in 0..<2000 where rows.contains(where: { $0.state != .settled }) {
      while !flights.isEmpty { answer() }
      now = now + .seconds(1)
      withholdExpired()
      tell(.wake)
    }
    while !flights.isEmpty { answer() }
    for row in rows where row.settlements.isEmpty { broken.insert("\(row.claim.message.id) is lost") }
    if !lane.isIdle { broken.insert("it never comes to rest") }
  }

  private mutating func add() {
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let expires = Bool.random(using: &random) ? now.milliseconds + Int64.random(in: 1...30_000, using: &random) : nil
      let claim = LanesTests.claim(
        UInt64(rows.count), expires: expires, whenUnknown: Bool.random(using: &random) ? .atMostOnce : .atLeastOnce)
      rows.append(Row(claim: claim))
    }
  }

  private mutating func withhold() {
    guard let index = rows.indices.randomElement(using: &random), rows[index].state == .queued else { return }
    rows[index].state = .claimed
    tell(.withheld([rows[index].claim]))
  }

  private mutating func withholdExpired() {
    for index in rows.indices where rows[index].state == .queued {
      guard let expires = rows[index].claim.message.expires, expires <= now else { continue }
      rows[index].state = .claimed
      tell(.withheld([rows[index].claim]))
    }
  }

  private mutating func answer() {
    guard let index = flights.indices.randomElement(using: &random) else { return }
    let flight = flights.remove(at: index)
    var results: [DeliveryResult?] = []
    let answered = flight.claims.count - (!isCalm && Int.random(in: 0..<10, using: &random) == 0 ? 1 : 0)
    for (place, claim) in flight.claims.enumerated() {
      let outcome = place < answered ? outcome() : .unknown
      if place < answered { results.append(DeliveryResult(outcome)) }
      change(claim, in: flight.number) { $0.outcome = outcome }
      if case .paused(let until, _) = outcome, !isOverdue(flight) { pausedUntil = max(pausedUntil, until) }
    }
    tell(.answered(flight.number, results))
  }

  private mutating func change(_ claim: Claim, in flight: UInt64, _ body: (inout Try) -> Void) {
    let row = Int(claim.message.id.number)
    for index in rows[row].tries.indices where rows[row].tries[index].flight == flight {
      body(&rows[row].tries[index])
    }
  }

  private func isOverdue(_ flight: Flight) -> Bool {
    rows[Int(flight.claims[0].message.id.number)].tries.contains { $0.flight == flight.number && $0.isOverdue }
  }

  private mutating func outcome() -> DeliveryOutcome {
    if isCalm { return .accepted(providerID: nil) }
    switch Int.random(in: 0..<12, using: &random) {
    case 0...3: return .accepted(providerID: "p")
    case 4...5: return .failed(.rejected)
    case 6...8: return .retry(after: Bool.random(using: &random) ? .seconds(7) : nil)
    case 9...10: return .unknown
    default: return .paused(until: now + .seconds(2), reason: "r")
    }
  }

  private mutating func tell(_ event: LaneEvent) {
    var actions = lane.handle(event, at: now)
    for flight in flights where flight.started + lane.settings.deadline <= now {
      for claim in flight.claims { change(claim, in: flight.number) { $0.isOverdue = true } }
    }
    while !actions.isEmpty {
      switch actions.removeFirst() {
      case .claim(let limit): actions += lane.handle(.claimed(claim(limit)), at: now)
      case .dispatch(let number, let claims): dispatch(number, claims)
      case .recall: broken.insert("nothing was found")
      case .settle(let settlements): for settlement in settlements { settle(settlement) }
      case .requeue(let retries): for retry in retries { requeue(retry) }
      case .wait(let until): if until <= now { broken.insert("it waits for the past") }
      case .report: break
      }
    }
  }

  private mutating func claim(_ limit: Int) -> [Claim] {
    if limit < 1 || limit > lane.settings.batch { broken.insert("it claims \(limit)") }
    if now < pausedUntil { broken.insert("it claims in a pause") }
    let open = rows.indices.filter { index in
      let row = rows[index]
      return row.state == .queued && (row.claim.attempts == 0 || row.due <= now)
        && row.claim.message.expires.map { $0 > now } ?? true
    }
    return open.prefix(limit).map { index in
      rows[index].state = .claimed
      return rows[index].claim
    }
  }

  private mutating func dispatch(_ number: UInt64, _ claims: [Claim]) {
    dispatched += 1
    if claims.isEmpty || claims.count > lane.settings.batch { broken.insert("\(claims.count) in a dispatch") }
    for claim in claims { check(claim, in: number) }
    flights.append(Flight(number: number, claims: claims, started: now))
    let open = flights.count { now - $0.started < lane.settings.deadline }
    if open > lane.settings.concurrency { broken.insert("\(open) at the same time") }
    sent.append((now, claims.count))
    if let rate = lane.settings.rate {
      let lately = sent.filter { now - $0.at < .seconds(1) }.reduce(0) { $0 + $1.count }
      if lately > 2 * rate { broken.insert("\(lately) in a second, at a rate of \(rate)") }
    }
  }

  private mutating func check(_ claim: Claim, in flight: UInt64) {
    let row = Int(claim.message.id.number)
    if rows[row].state != .claimed || claim != rows[row].claim { broken.insert("not what was claimed") }
    if claim.attempts > 0, now < rows[row].due { broken.insert("before it is due") }
    if let expires = claim.message.expires, expires <= now { broken.insert("after its expiry") }
    let mayHaveArrived = rows[row].tries.contains { isDoubt($0) }
    if claim.message.whenUnknown == .atMostOnce, mayHaveArrived { broken.insert("sent twice") }
    rows[row].tries.append(Try(flight: flight))
  }

  private mutating func requeue(_ retry: Retry) {
    let row = Int(retry.message.number)
    // It got there after all: the outbox leaves it as it is.
    if rows[row].state == .settled, rows[row].settlements.contains(where: { $0.outcome == .accepted }) { return }
    guard rows[row].state == .claimed else {
      broken.insert("back without a claim")
      return
    }
    rows[row].state = .queued
    rows[row].due = retry.notBefore
    if retry.isAttempt { rows[row].claim.attempts += 1 }
    rows[row].claim.doubtful = rows[row].claim.doubtful || retry.doubtful
    if rows[row].claim.attempts != counted(rows[row]) { broken.insert("attempts are miscounted") }
    if let expires = rows[row].claim.message.expires, retry.isAttempt, retry.notBefore >= expires {
      broken.insert("to be tried after its expiry")
    }
  }

  private mutating func settle(_ settlement: Settlement) {
    let row = Int(settlement.message.number)
    let isFirst = rows[row].settlements.isEmpty
    // Of one that got there after all, the engine takes no other news.
    if rows[row].settlements.contains(where: { $0.outcome == .accepted }) { return }
    if !isFirst, settlement.outcome != .accepted { broken.insert("settled twice") }
    if rows[row].state == .queued, settlement.outcome != .accepted { broken.insert("settled while it waits") }
    rows[row].settlements.append(settlement)
    rows[row].state = .settled
    let tries = rows[row].tries
    let wasAccepted = tries.contains { if case .accepted = $0.outcome { true } else { false } }
    let mayHaveArrived = tries.contains { isDoubt($0) }
    switch settlement.outcome {
    case .accepted: if !wasAccepted { broken.insert("accepted by nobody") }
    case .failed, .withdrawn:
      if wasAccepted || mayHaveArrived { broken.insert("\(settlement.outcome), and it may have arrived") }
    case .unknown: if !mayHaveArrived { broken.insert("unknown without a doubt") }
    }
    let isMended = settlement.outcome == .accepted && tries.contains(where: \.isOverdue)
    if settlement.attempts != counted(rows[row]), !isMended { broken.insert("a settlement miscounts") }
  }

  private func isDoubt(_ one: Try) -> Bool { one.outcome == .unknown || one.outcome == nil || one.isOverdue }

  /// Tries that count: all but those that ended in a pause.
  private func counted(_ row: Row) -> Int {
    row.tries.count { if case .paused = $0.outcome { $0.isOverdue } else { true } }
  }
}
