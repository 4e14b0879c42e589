public import Model

/// The open attempts of one partition of users, for every rule. The rules themselves are passed in with each call:
/// one set serves all partitions.
///
/// Events come in the order of time, those of equal instants in the order of arrival, and before an event everything
/// due by then is fired (`fire(through:)`). An event a little older than the last is taken by no attempt that has
/// already matched something later.
public struct Matcher: Sendable {
  /// What one rule may hold of one key, and for how long matches can be taken back.
  public struct Limits: Sendable, Hashable {
    /// Open attempts; beyond, the newest is refused and counted.
    public var attempts: Int
    /// How long after its deadline an absence can still be retracted by a late event.
    public var retraction: TimeSpan

    public static let standard = Limits()

    public init(attempts: Int = 64, retraction: TimeSpan = .hours(1)) {
      self.attempts = attempts
      self.retraction = retraction
    }
  }

  public let limits: Limits
  private(set) var slots: [SlotKey: Slot] = [:]
  private var timers = Timers()
  /// Attempts that were not opened, since the matcher was made.
  public private(set) var refusedAttempts = 0

  public init(limits: Limits = .standard) { self.limits = limits }

  init(slots: [SlotKey: Slot], refusedAttempts: Int) {
    limits = .standard
    self.slots = slots
    self.refusedAttempts = refusedAttempts
    rebuildTimers()
  }

  /// An event of `profile`'s user, with the number it arrived under. An event without all of a rule's key is not for
  /// that rule.
  public mutating func handle(
    _ event: Event, sequence: UInt64, profile: [Property], rules: RuleSet, into matches: inout [Match]
  ) {
    var timersChanged = false
    for place in rules.places(for: event.name) {
      let rule = rules.rule(at: place)
      guard let values = rule.keyValues(of: event) else { continue }
      let key = SlotKey(serial: rule.serial, values: values)
      let arrival = Arrival(
        event: event, sequence: sequence, place: Place(rule: rule, key: values, profile: profile),
        starts: rules.isInForce(at: place))
      if let index = slots.index(forKey: key) {
        slots.values[index].settle(through: event.at, arrival.place, into: &matches)
        refusedAttempts += slots.values[index].take(arrival, limit: limits.attempts, into: &matches)
        if keepOrRemove(at: index, rule.pattern) { timersChanged = true }
      } else if arrival.starts, rule.pattern.steps[0].fit.types.contains(event.name) {
        var slot = Slot(user: event.user)
        refusedAttempts += slot.take(arrival, limit: limits.attempts, into: &matches)
        if !slot.isEmpty {
          if let entry = slot.schedule(key, rule.pattern) { timers.add(entry) }
          slots[key] = slot
        }
      }
    }
    if timersChanged { dropStaleTimers() }
  }

  /// A late event: it starts and completes nothing, but ends what it would have ended had it come in time.
  public mutating func cancel(
    with late: Event, profile: [Property], rules: RuleSet, retracting retracted: inout [Match]
  ) {
    for place in rules.places(for: late.name) {
      let rule = rules.rule(at: place)
      guard let values = rule.keyValues(of: late),
        let index = slots.index(forKey: SlotKey(serial: rule.serial, values: values))
      else { continue }
      slots.values[index].cancel(
        Arrival(
          event: late, sequence: 0, place: Place(rule: rule, key: values, profile: profile), starts: false))
      keepOrRemove(at: index, rule.pattern)
    }
    dropStaleTimers()
  }

  /// The instant to call `fire` at. It may find nothing to do there, but nothing is due before.
  public var nextDeadline: Instant? { timers.first?.deadline }

  /// Fires every absence due by `instant`, in the order (deadline, key), and gives up what can no longer match.
  /// `profile` is asked only for users with a match to make.
  public mutating func fire(
    through instant: Instant, profile: (String) -> [Property], rules: RuleSet, into matches: inout [Match]
  ) {
    while let entry = timers.first, entry.deadline <= instant {
      timers.removeFirst()
      guard let index = slots.index(forKey: entry.key), slots.values[index].scheduled == entry.deadline else {
        continue
      }
      guard let rule = rules.rule(serial: entry.key.serial) else {
        slots.remove(at: index)
        continue
      }
      let known = slots.values[index].isDue(at: entry.deadline) ? profile(rule.user(in: entry.key.values)) : []
      let place = Place(rule: rule, key: entry.key.values, profile: known)
      slots.values[index].settle(through: entry.deadline, place, into: &matches)
      keepOrRemove(at: index, rule.pattern)
    }
    dropStaleTimers()
  }

  /// After a publication: attempts of removed rules are dropped, those of changed rules go on under their version.
  public mutating func adopt(_ rules: RuleSet) {
    slots = slots.filter { rules.rule(serial: $0.key.serial) != nil }
    rebuildTimers()
  }

  /// Forgets everything about a user.
  public mutating func erase(user: String) {
    slots = slots.filter { $0.value.user != user }
    rebuildTimers()
  }

  /// Whether that made an older timer stale.
  @discardableResult
  private mutating func keepOrRemove(at index: Dictionary<SlotKey, Slot>.Index, _ pattern: Pattern) -> Bool {
    if slots.values[index].isEmpty {
      slots.remove(at: index)
      return true
    }
    guard let entry = slots.values[index].schedule(slots.keys[index], pattern) else { return false }
    timers.add(entry)
    return true
  }

  /// Afterwards the first timer is a live one, so that `nextDeadline` is a function of the slots alone.
  private mutating func dropStaleTimers() {
    while let entry = timers.first, slots[entry.key]?.scheduled != entry.deadline { timers.removeFirst() }
    if timers.count > 2 * slots.count + 64 { rebuildTimers() }
  }

  private mutating func rebuildTimers() {
    timers = Timers(slots.compactMap { key, slot in slot.scheduled.map { Timers.Entry(deadline: $0, key: key) } })
  }
}
