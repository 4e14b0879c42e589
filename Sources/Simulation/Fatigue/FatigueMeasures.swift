public import AttuneModel
public import Fatigue

/// What users got from one version of fatigue control.
///
/// A *pair* is two consecutive reaches of one user by one business. Its period is the one in force at its first reach;
/// a pair that spans the operator's change is no case of the first fault, which would be the second. Businesses that do
/// not obey or do not count are in none of this but the reaches and refusals.
public struct FatigueMeasures: Hashable, Sendable {
  /// How often something happened, and to how many users.
  public struct Count: Hashable, Sendable {
    private var names: Set<String> = []
    public private(set) var cases = 0

    public var users: Int { names.count }

    mutating func add(_ user: String) {
      names.insert(user)
      cases += 1
    }
  }

  /// Candidates that passed.
  public internal(set) var reaches = Count()
  /// By the first dimension that failed.
  public internal(set) var refused: [FatigueVerdict.Dimension: Int] = [:]

  /// First fault: pairs on adjacent calendar days (of the policy's zone) and less than a period apart, of a business
  /// that may come once in a period.
  public internal(set) var adjacentDays = Count()
  /// First fault: pairs less than a period apart, of a business that may come once in a period; on whatever days.
  public internal(set) var withinPeriod = Count()
  /// Second fault: reaches in the hour after the change that came to users whom the window, asked at the change and
  /// before it took effect, had told to wait until later than that reach.
  public internal(set) var hourAfterChange = Count()
  /// Second fault: the same without the hour.
  public internal(set) var afterChange = Count()
  /// Third fault: pairs closer together than the `minGap` of the business.
  public internal(set) var closerThanGap = Count()
  /// Of businesses that may come several times in a period: reaches that are more than `times` within the period that
  /// ends with them. No fault of either version: a window that opens at a reach does not slide.
  public internal(set) var moreThanTimes = Count()

  /// Of all pairs of businesses that may come several times in a period, how many are so far apart; as `buckets`.
  public internal(set) var gaps = [Int](repeating: 0, count: FatigueMeasures.buckets.count)
  /// Of the same pairs, the upper one of an even number; nil where there is none.
  public internal(set) var medianGap: TimeSpan?

  /// What a pair is less than apart; each begins where the one before it ends.
  public static let buckets: [(name: String, below: TimeSpan)] =
    [.minutes(1), .minutes(10), .hours(1), .hours(4), .hours(12), .days(1), .days(3)].map { ("< \($0)", $0) }
    + [("more", TimeSpan(milliseconds: .max))]

  /// Whether none of the three faults has shown.
  public var isFaultless: Bool {
    [adjacentDays, withinPeriod, hourAfterChange, afterChange, closerThanGap].allSatisfy { $0.cases == 0 }
  }
}
