import AttuneModel

/// A date of the Gregorian calendar, `2026-11-11`.
struct CivilDay: Hashable {
  var daysSince1970: Int64

  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
      let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    // Days from civil, Howard Hinnant: years begin in March, so that the leap day is the last.
    let y = month <= 2 ? year - 1 : year
    let era = floorDivide(y, 400)
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    daysSince1970 = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    let longMonths: Set<Int64> = [1, 3, 5, 7, 8, 10, 12]
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    guard day <= (month == 2 ? (leap ? 29 : 28) : longMonths.contains(month) ? 31 : 30) else { return nil }
  }
}
