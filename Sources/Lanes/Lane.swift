public import AttuneModel

/// The decisions of sending, for the messages of one channel and class: how many at a time, how fast, what an answer
/// means, when to try again, when to wait.
///
/// A value without clock, chance or I/O: whoever drives it performs what `handle` asks for and tells what came of it.
/// It holds nothing that a crash could lose, because it holds only messages that the outbox has as claimed.
///
/// ```swift
/// var lane = Lane(LaneID(channel: "log", class: .marketing))
/// lane.handle(.wake, at: now)                       // [.claim(limit: 100)]
/// lane.handle(.claimed(claims), at: now)            // [.dispatch(0, claims), .wait(until: now + 30 s)]
/// lane.handle(.answered(0, results), at: now)       // [.settle(...), .requeue(...)]
/// ```
public struct Lane: Sendable {
  public let id: LaneID
  public let settings: LaneSettings

  var flights: [Flight] = []
  var breaker: Breaker
  var rate: RateLimit?
  var backoff: Backoff
  var pause: (until: Instant, reason: String)?
  private var number: UInt64 = 0
  /// What the outbox was asked for, while it has not answered.
  private var asked: Int?
  /// Whether the outbox may hold something that is due.
  private var mayHaveMore = false
  /// Woken since it was asked: what came in meanwhile may not be in its answer.
  private var isWoken = false
  private var isStopping = false
  private var waiting: Instant?
  private var last = Instant.distantPast

  /// Messages in a channel's hands.
  struct Flight: Sendable {
    var number: UInt64
    var claims: [Claim]
    var started: Instant
    var deadline: Instant
    /// Asked what became of them, not handed over.
    var isRecall: Bool
    /// Given up: its messages were told as unknown, and an answer that still comes can only mend that.
    var isOverdue = false
  }

  /// - Parameters:
  ///   - id: also makes each lane's jitter its own.
  ///   - settings: what its channel can bear.
  public init(_ id: LaneID, settings: LaneSettings = LaneSettings()) {
    self.id = id
    self.settings = settings
    breaker = Breaker(limit: settings.breakAfter)
    rate = settings.rate.map { RateLimit(perSecond: $0) }
    backoff = Backoff(
      first: settings.firstRetry, longest: settings.longestRetry,
      seed: StableHash.of(id.description, seed: settings.seed).value())
  }

  /// Nothing is in the channel's hands that was not given up, and the outbox owes no answer.
  public var isIdle: Bool { asked == nil && !flights.contains { !$0.isOverdue } }

  /// Messages handed over, or asked about, and without an answer.
  public var inFlight: Int { flights.reduce(0) { $0 + ($1.isOverdue ? 0 : $1.claims.count) } }

  /// What follows from an event.
  ///
  /// - Parameter now: the hour it is. Should the clock be set back, waits stay as long as they were.
  public mutating func handle(_ event: LaneEvent, at now: Instant) -> [LaneAction] {
    if now < last { shift(by: now - last) }
    last = now
    var actions: [LaneAction] = []
    switch event {
    case .wake: (mayHaveMore, isWoken) = (true, asked != nil)
    case .claimed(let claims): take(claims, at: now, &actions)
    case .answered(let number, let results): answer(number, results, at: now, &actions)
    case .found(let claims):
      if !claims.isEmpty { actions.append(.recall(launch(claims, isRecall: true, at: now), claims)) }
    case .withheld(let claims):
      let settlements = claims.map { settlement(of: $0, as: .withdrawn) }
      if !settlements.isEmpty { actions.append(.settle(settlements)) }
    case .stop: isStopping = true
    }
    giveUp(at: now, &actions)
    proceed(at: now, &actions)
    return actions
  }
}

// What is claimed, and when.
extension Lane {
  /// Asks for more, or says when it will.
  private mutating func proceed(at now: Instant, _ actions: inout [LaneAction]) {
    if asked == nil, mayHaveMore, !isStopping, let limit = limit(at: now) {
      asked = limit
      actions.append(.claim(limit: limit))
    }
    let next = nextLook(at: now)
    if next != waiting, let next { actions.append(.wait(until: next)) }
    waiting = next
  }

  /// How many messages may be claimed now: as many as can be handed over at once.
  private func limit(at now: Instant) -> Int? {
    if let pause, now < pause.until { return nil }
    let open = flights.count { !$0.isOverdue }
    guard open < max(1, settings.concurrency), flights.count - open < max(1, settings.abandoned),
      !flights.contains(where: { $0.isRecall && !$0.isOverdue })
    else { return nil }
    var limit = max(1, settings.batch)
    if !breaker.isClosed {
      guard open == 0, !breaker.isOpen(at: now) else { return nil }
      limit = 1
    }
    if let rate { limit = min(limit, rate.allowance(at: now)) }
    return limit > 0 ? limit : nil
  }

  /// The first instant at which something changes by itself.
  private func nextLook(at now: Instant) -> Instant? {
    var looks = flights.filter { !$0.isOverdue }.map(\.deadline)
    if mayHaveMore, !isStopping {
      if let pause { looks.append(pause.until) }
      if let until = breaker.until { looks.append(until) }
      if let rate, rate.allowance(at: now) == 0 { looks.append(rate.next(at: now)) }
    }
    return looks.filter { $0 > now }.min()
  }

  private mutating func take(_ claims: [Claim], at now: Instant, _ actions: inout [LaneAction]) {
    mayHaveMore = isWoken || claims.count >= asked ?? 0
    (asked, isWoken) = (nil, false)
    let isExpired = { (claim: Claim) in claim.message.expires.map { $0 <= now } ?? false }
    let expired = claims.filter(isExpired)
    if !expired.isEmpty { actions.append(.settle(expired.map { settlement(of: $0, as: .withdrawn) })) }
    let open = claims.filter { !isExpired($0) }
    guard !open.isEmpty else { return }
    // Meanwhile the lane may have been told to wait.
    guard !isStopping, open.count <= limit(at: now) ?? 0 else {
      mayHaveMore = true
      return actions.append(
        .requeue(open.map { Retry(message: $0.message.id, notBefore: now, isAttempt: false) }))
    }
    rate?.spend(open.count, at: now)
    actions.append(.dispatch(launch(open, isRecall: false, at: now), open))
  }

  private mutating func launch(_ claims: [Claim], isRecall: Bool, at now: Instant) -> UInt64 {
    defer { number += 1 }
    flights.append(
      Flight(
        number: number, claims: claims, started: now, deadline: now + max(settings.deadline, .zero), isRecall: isRecall)
    )
    return number
  }

  /// The clock was set back: what was to happen in a minute still happens in a minute.
  private mutating func shift(by span: TimeSpan) {
    for index in flights.indices {
      flights[index].started = flights[index].started + span
      flights[index].deadline = flights[index].deadline + span
    }
    pause = pause.map { ($0.until + span, $0.reason) }
    breaker.shift(by: span)
    rate?.shift(by: span)
    waiting = nil
  }
}
