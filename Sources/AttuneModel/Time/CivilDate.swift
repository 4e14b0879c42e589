/// A date of the Gregorian calendar, which is taken to reach back to all years.
public struct CivilDate: Hashable, Sendable, Comparable {
  /// 0 is the year before 1.
  public let year: Int64
  /// 1 ... 12.
  public let month: Int64
  /// 1 ... 31.
  public let day: Int64

  /// Nil when there is no such date, as 2026-02-29, or its year has more than nine digits.
  public init?(year: Int64, month: Int64, day: Int64) {
    guard (-999_999_999...999_999_999).contains(year), (1...12).contains(month),
      (1...Self.days(in: month, of: year)).contains(day)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// Reads `2026-11-11`: four digits, two and two; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { 0x30...0x39 ~= $0 } }) else { return nil }
    let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int64($1 - 0x30) } }
    self.init(year: numbers[0], month: numbers[1], day: numbers[2])
  }

  /// The date so many days after 1970-01-01; nil beyond some 292 billion years, where the days overflow.
  ///
  /// (Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the leap day is the last.)
  public init?(daysSince1970 days: Int64) {
    let (shifted, overflow) = days.addingReportingOverflow(Self.daysBefore1970)
    if overflow { return nil }
    let era = floorDivide(shifted, Self.daysOfEra)
    let dayOfEra = shifted - era * Self.daysOfEra
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days from 1970-01-01 to this date; below 0 before it.
  public var daysSince1970: Int64 {
    let yearFromMarch = month <= 2 ? year - 1 : year
    let era = floorDivide(yearFromMarch, 400)
    let yearOfEra = yearFromMarch - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * Self.daysOfEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - Self.daysBefore1970
  }

  /// Of 400 years.
  private static let daysOfEra: Int64 = 146_097
  /// From 0000-03-01 on.
  private static let daysBefore1970: Int64 = 719_468

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  public static func < (a: CivilDate, b: CivilDate) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }
}

extension CivilDate: CustomStringConvertible {
  /// `2026-11-11`.
  public var description: String {
    func padded(_ number: Int64, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
