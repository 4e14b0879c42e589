/// A time zone as a table of transitions, so that answers never depend on the machine's time zone data.
public struct Zone: Hashable, Sendable {
  /// A change of the local clock.
  public struct Transition: Hashable, Sendable {
    /// From here on ...
    public var at: Instant
    /// ... local time is UTC plus this many seconds.
    public var offset: Int32
    public init(at: Instant, offset: Int32) {
      self.at = at
      self.offset = offset
    }
  }

  /// IANA name, `Asia/Shanghai`.
  public let name: String
  /// Seconds east of UTC before the first transition.
  public let initialOffset: Int32
  /// In strictly ascending order of `at`.
  public let transitions: [Transition]

  public init(name: String, initialOffset: Int32, transitions: [Transition] = []) {
    self.name = name
    self.initialOffset = initialOffset
    self.transitions = transitions
  }

  public static let utc = Zone(name: "UTC", initialOffset: 0)

  /// Local wall-clock milliseconds (as if local time were UTC).
  public func local(_ at: Instant) -> Int64 {
    (at + TimeSpan(milliseconds: Int64(offset(before: index(after: at))) * 1000)).milliseconds
  }

  /// The calendar day: days since 1970-01-01 in local time.
  public func day(_ at: Instant) -> Int64 { floorDivide(local(at), 86_400_000) }

  /// Milliseconds since local midnight, 0 ..< 86,400,000.
  public func timeOfDay(_ at: Instant) -> Int64 {
    let rest = local(at) % 86_400_000
    return rest < 0 ? rest + 86_400_000 : rest
  }

  /// The first instant of a calendar day. Where midnight is skipped (daylight saving), the instant of the jump.
  public func start(ofDay day: Int64) -> Instant {
    let (midnight, overflow) = day.multipliedReportingOverflow(by: 86_400_000)
    return overflow ? (day < 0 ? .distantPast : .distantFuture) : firstInstant(local: midnight)
  }

  /// The first instant at which the local clock shows `local` or later.
  public func firstInstant(local: Int64) -> Instant {
    let wall = Instant(milliseconds: local)
    // No zone is further than 15 h from UTC, so the answer lies within 15 h of the wall clock read as UTC.
    var next = index(after: wall - .hours(15))
    while true {
      let candidate = wall - TimeSpan(milliseconds: Int64(offset(before: next)) * 1000)
      let from = next == 0 ? .distantPast : transitions[next - 1].at
      if next == transitions.count || max(candidate, from) < transitions[next].at { return max(candidate, from) }
      next += 1
    }
  }

  /// Index of the first transition later than `at`.
  private func index(after at: Instant) -> Int {
    // Many zones have not changed for a long time.
    if let last = transitions.last, last.at <= at { return transitions.count }
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].at <= at { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func offset(before index: Int) -> Int32 { index == 0 ? initialOffset : transitions[index - 1].offset }
}

/// The quotient rounded down, also below 0. `b` is not 0.
@inlinable
public func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
  let q = a / b
  return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q
}
