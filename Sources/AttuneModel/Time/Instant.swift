/// A point in time: milliseconds since 1970-01-01T00:00:00Z. Arithmetic saturates, so no input can trap.
public struct Instant: Hashable, Sendable, Comparable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  /// Earlier than anything.
  public static let distantPast = Instant(milliseconds: .min)
  /// Later than anything: the end of time of a replay.
  public static let distantFuture = Instant(milliseconds: .max)

  public static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
  public static func + (a: Instant, b: TimeSpan) -> Instant {
    Instant(milliseconds: saturating(a.milliseconds.addingReportingOverflow(b.milliseconds), b.milliseconds))
  }
  public static func - (a: Instant, b: TimeSpan) -> Instant {
    let (value, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
    return Instant(milliseconds: overflow ? (b.milliseconds < 0 ? .max : .min) : value)
  }
  public static func - (a: Instant, b: Instant) -> TimeSpan {
    let (value, overflow) = a.milliseconds.subtractingReportingOverflow(b.milliseconds)
    return TimeSpan(milliseconds: overflow ? (b.milliseconds < 0 ? .max : .min) : value)
  }
}

/// A length of time in milliseconds; may be negative. Arithmetic saturates.
public struct TimeSpan: Hashable, Sendable, Comparable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public static let zero = TimeSpan(milliseconds: 0)
  public static func seconds(_ n: Int64) -> TimeSpan { of(n, 1000) }
  public static func minutes(_ n: Int64) -> TimeSpan { of(n, 60_000) }
  public static func hours(_ n: Int64) -> TimeSpan { of(n, 3_600_000) }
  /// Of 24 hours.
  public static func days(_ n: Int64) -> TimeSpan { of(n, 86_400_000) }

  private static func of(_ n: Int64, _ unit: Int64) -> TimeSpan {
    let (value, overflow) = n.multipliedReportingOverflow(by: unit)
    return TimeSpan(milliseconds: overflow ? (n < 0 ? .min : .max) : value)
  }

  public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.milliseconds < b.milliseconds }

  /// Reads `250ms 30s 10m 4h 1d` (a whole number and a unit); nil for anything else, and where it would overflow.
  public init?(_ text: some StringProtocol) {
    let digits = text.utf8.prefix { $0 >= 48 && $0 <= 57 }
    guard !digits.isEmpty, let number = Int64(String(text.prefix(digits.count))) else { return nil }
    let unit: Int64
    switch String(text.dropFirst(digits.count)) {
    case "ms": unit = 1
    case "s": unit = 1000
    case "m": unit = 60_000
    case "h": unit = 3_600_000
    case "d": unit = 86_400_000
    default: return nil
    }
    let (value, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    milliseconds = value
  }
}

extension TimeSpan: CustomStringConvertible {
  /// The largest unit that states it exactly: `90m`, `1d`, `250ms`.
  public var description: String {
    for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
    where milliseconds != 0 && milliseconds % size == 0 {
      return "\(milliseconds / size)\(unit)"
    }
    return "\(milliseconds)ms"
  }
}

private func saturating(_ result: (partialValue: Int64, overflow: Bool), _ added: Int64) -> Int64 {
  result.overflow ? (added < 0 ? .min : .max) : result.partialValue
}
