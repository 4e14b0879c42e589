public import AttuneModel

/// The open attempts of one partition of keys, for every rule. The rules themselves are passed in with each call: one
/// set serves all partitions.
///
/// Events come in the order of time, those of equal instants in the order of arrival, and before an event everything
/// due by then is fired (`fire(through:)`). An event a little older than the last is taken by no attempt that has
/// already matched something later. `RuleStream` takes care of all of that. Without it:
///
/// ```swift
/// matcher.fire(through: waiting.event.at, profile: profiles, rules: rules, into: &matches)
/// matcher.handle(waiting, profile: profiles, rules: rules, into: &matches)
/// ```
public struct Matcher: Sendable {
  /// What one rule may hold of one key, and for how long matches can be taken back.
  public struct Limits: Sendable, Hashable {
    /// Open attempts; beyond, the newest is refused and counted.
    public var attempts: Int
    /// How long after its deadline an absence can still be retracted by a late event.
    public var retraction: TimeSpan

    /// 64 open attempts, and an hour.
    public static let standard = Limits()

    /// What is not stated is as in `standard`.
    public init(attempts: Int = 64, retraction: TimeSpan = .hours(1)) {
      self.attempts = attempts
      self.retraction = retraction
    }
  }

  /// Changed by `adopt`.
  public private(set) var limits: Limits
  /// Of `RuleSet.shards`: the only one whose keys it opens. Nil: all keys are its own.
  public var shard: Int?
  var store = AttemptStore()
  /// Attempts that were not opened, since the matcher was made.
  public internal(set) var refusedAttempts = 0
  /// The latest instant that is known to have come: what is over by then is no content, though memory may still hold it.
  private var now = Instant.distantPast

  /// A matcher that has seen nothing.
  public init(limits: Limits = .standard, shard: Int? = nil) {
    self.limits = limits
    self.shard = shard
  }

  /// An event whose turn it is.
  ///
  /// One that carries only some values of a rule's key reaches every open attempt with those, and opens none.
  ///
  /// - Parameters:
  ///   - waiting: the event, with the number it arrived under.
  ///   - profile: what is known of a user; asked for the event's, and for those of the keys it reaches.
  ///   - rules: the set in force; after a new one, `adopt` it first.
  ///   - matches: what it completes is appended.
  public mutating func handle(
    _ waiting: consuming OrderBuffer.Waiting, profile: (String) -> [Property], rules: RuleSet,
    into matches: inout [Match]
  ) {
    let routes = rules.routing(of: waiting.event.name).routes
    if routes.isEmpty { return }
    now = max(now, waiting.event.at)
    var reading = KeyReading(routes[0].pattern.key, of: waiting.event)
    let own = waiting.event.user.isEmpty ? [] : profile(waiting.event.user)
    var arrival = Arrival(waiting, profile: own, routes[0])
    var added = 0
    for index in routes.indices {
      if index > 0 {
        // Rules side by side mostly have one key.
        let isOther = routes[index].key != arrival.route.key
        arrival.meet(routes[index])
        if isOther { reading = KeyReading(arrival.pattern.key, of: arrival.waiting.event) }
      }
      switch reading {
      case .none: continue
      case .part(let present, let digest): takePart(&arrival, present, digest, profile, &matches)
      case .whole(let key):
        if let slot = store.slots.find(key, arrival.route.serial) {
          takeKnown(&arrival, in: slot, &matches)
        } else if opensSlot(key, &arrival) {
          let slot = store.addSlot(key, arrival.route.serial, arrival.pattern.key, of: arrival.waiting.event)
          take(&arrival, in: slot, opens: true, into: &matches)
          // Most keys that have been emptied fill again: the sweep takes those that do not.
          if store.slots[slot].isEmpty { store.removeSlot(slot) } else { added += 1 }
        }
      }
    }
    store.sweep(2 * added + 1, now: arrival.at)
  }

  private mutating func takePart(
    _ arrival: inout Arrival, _ present: UInt32, _ digest: Digest, _ profile: (String) -> [Property],
    _ matches: inout [Match]
  ) {
    let own = arrival.profile
    for slot in store.findSlots(arrival.route.serial, present, digest) {
      arrival.profile = profile(arrival.rule.user(in: store.slots.key(of: slot)))
      take(&arrival, in: slot, opens: false, into: &matches)
    }
    arrival.profile = own
  }

  private mutating func takeKnown(_ arrival: inout Arrival, in slot: Handle, _ matches: inout [Match]) {
    if store.slots[slot].scheduled <= arrival.at {
      settle(slot, through: arrival.at, arrival.rule, profile: arrival.profile, &matches)
    }
    take(&arrival, in: slot, opens: arrival.route.opens, into: &matches)
  }

  private func opensSlot(_ key: Digest, _ arrival: inout Arrival) -> Bool {
    arrival.route.opens && shard.map { $0 == key.shard } ?? true && arrival.opensSomething(in: store.chains)
  }

  /// A late event: it starts and completes nothing, but ends what it would have ended had it come in time. Fired
  /// absences it would have prevented, and that are not too old to be taken back at `now`, are handed out as they
  /// matched, with what they emit now. Matches that waited for what it ended are due at `now`: `fire` makes them.
  ///
  /// - Parameter profile: as of `handle`.
  public mutating func cancel(
    with late: Event, at now: Instant, profile: (String) -> [Property], rules: RuleSet,
    retracting retracted: inout [Match]
  ) {
    let own = late.user.isEmpty ? [] : profile(late.user)
    for route in rules.routing(of: late.name).routes where route.relevance.forbids != 0 || route.relevance.isBanned {
      var slots: [Handle] = []
      var isPart = false
      switch KeyReading(route.pattern.key, of: late) {
      case .none: continue
      case .part(let present, let digest): (slots, isPart) = (store.findSlots(route.serial, present, digest), true)
      case .whole(let key): slots = [store.slots.find(key, route.serial)].compactMap { $0 }
      }
      var arrival = Arrival(OrderBuffer.Waiting(late, sequence: 0), profile: own, route)
      for slot in slots {
        if isPart { arrival.profile = profile(route.rule.user(in: store.slots.key(of: slot))) }
        store.forgetFired(in: slot, before: now, limits.retraction)
        cancel(arrival, in: slot, retracting: &retracted)
        store.wakeHeld(in: slot, at: now)
        store.removeIfEmpty(slot)
      }
    }
  }

  /// The instant to call `fire` at. It may find nothing to do there, but nothing is due before.
  public var nextDeadline: Instant? { store.nextDeadline }

  /// Fires every absence due by `instant`, in the order (deadline, key), and gives up what can no longer match. What
  /// such an attempt held back matches then.
  ///
  /// - Parameter profile: as of `handle`; asked only for users with a match to make.
  public mutating func fire(
    through instant: Instant, profile: (String) -> [Property], rules: RuleSet, into matches: inout [Match]
  ) {
    now = max(now, instant)
    while let entries = store.popDeadlines(through: instant) {
      let deadline = entries[0].at
      for slot in slotsInOrder(entries) where store.slots[slot].scheduled == deadline {
        guard let rule = rules.rule(serial: UInt64(store.slots[slot].serial)) else {
          store.removeSlot(slot)
          continue
        }
        let known = store.isDue(slot, at: deadline) ? profile(rule.user(in: store.slots.key(of: slot))) : []
        settle(slot, through: deadline, rule, profile: known, &matches)
        store.removeIfEmpty(slot)
      }
    }
  }

  /// Does what the slot's timer would, deadline by deadline.
  private mutating func settle(
    _ slot: Handle, through instant: Instant, _ rule: Rule, profile: [Property], _ matches: inout [Match]
  ) {
    while store.slots[slot].scheduled <= instant, store.slots[slot].scheduled < .distantFuture {
      let deadline = store.slots[slot].scheduled
      store.clearTimer(slot)
      if store.isDue(slot, at: deadline) { fire(slot, at: deadline, rule, profile: profile, into: &matches) }
      store.schedule(slot)
    }
  }

  /// By key; of one key, the rule published first.
  private func slotsInOrder(_ entries: ContiguousArray<Deadlines.Entry>) -> [Handle] {
    if entries.count == 1 { return [entries[0].slot] }
    let live = entries.map(\.slot).filter { !store.slots[$0].isVacant }
    return live.map { ($0, store.slots.key(of: $0)) }
      .sorted { a, b in
        Value.areInOrder(a.1, b.1) ?? ((store.slots[a.0].serial, a.0) < (store.slots[b.0].serial, b.0))
      }
      .map(\.0)
  }

  /// Tells what time it is, without events: what is over by then is no content.
  public mutating func pass(to instant: Instant) { now = max(now, instant) }

  /// After a publication: attempts of removed rules are dropped, those of changed rules go on under their version.
  public mutating func adopt(_ rules: RuleSet) {
    for slot in store.slots.handles where !store.slots[slot].isVacant {
      if rules.rule(serial: UInt64(store.slots[slot].serial)) == nil { store.removeSlot(slot) }
    }
    store.rebuildDeadlines()
  }

  /// Goes by other limits from `now` on. What could no longer be taken back before stays so.
  public mutating func adopt(_ limits: Limits, at now: Instant) {
    if limits == self.limits { return }
    pass(to: now)
    for slot in store.slots.handles where !store.slots[slot].isVacant {
      store.forgetFired(in: slot, before: self.now, self.limits.retraction)
      store.prolongFired(in: slot, limits.retraction)
      store.removeIfEmpty(slot)
    }
    self.limits = limits
  }

  /// Forgets everything about a user: keys with the user's id, attempts and events that keep it. Matches that waited
  /// for these are due at `now`.
  public mutating func erase(user: String, at now: Instant) {
    let id = Value.string(user)
    for slot in store.slots.handles where !store.slots[slot].isVacant {
      if store.slots.key(of: slot).contains(id) {
        store.removeSlot(slot)
      } else {
        store.erase(id, in: slot)
        store.wakeHeld(in: slot, at: now)
        store.removeIfEmpty(slot)
      }
    }
    store.rebuildDeadlines()
  }
}

// Figures for reports.
extension Matcher {
  /// Keys of rules with something open.
  public var keyCount: Int { live.count }

  /// Memory for what is open, in bytes, whether used or kept in reserve. Texts of more than 15 bytes are not in it.
  public var stateBytes: Int { store.bytes }

  /// Attempts that have begun and not ended; the events of a sliding `times: n` count as one, a match that is held
  /// back as another one.
  public var openAttempts: Int {
    live.reduce(0) {
      $0 + store.open($1, now: now).count + store.list(from: store.slots[$1].held).count
        + (store.slots[$1].ring == .none ? 0 : 1)
    }
  }

  /// When the last absence fires and the last match that is held back can go, at the latest; after it, nothing matches
  /// without another event.
  public var latestDeadline: Instant? {
    live.flatMap { slot in
      let isHolding = store.slots[slot].held != .none
      return store.open(slot, now: now).filter { isHolding || $0.isWaiting }.map(\.until)
    }.max()
  }

  /// Slots with content.
  private var live: [Handle] { store.live(now: now, retraction: limits.retraction) }
}

extension Matcher: Equatable {
  /// By content: in which order keys came up makes no difference.
  public static func == (a: Matcher, b: Matcher) -> Bool { a.encoded() == b.encoded() }
}

extension Matcher: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(limits.attempts)
    writer.write(limits.retraction)
    writer.write(refusedAttempts)
    store.encode(now: now, retraction: limits.retraction, into: &writer)
  }

  /// - Throws: `BinaryError` for bytes that `encode` did not write.
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(limits: Limits(attempts: try reader.read(), retraction: try reader.read()))
    refusedAttempts = try reader.read()
    try store.readSlots(from: &reader, retraction: limits.retraction, most: limits.attempts)
  }
}
