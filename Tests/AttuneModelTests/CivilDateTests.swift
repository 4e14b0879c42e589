import AttuneModel
import Testing

@Suite struct CivilDateTests {
  /// Four hundred years, which is all there is before it repeats, day by day.
  @Test func everyDayFollowsTheOneBefore() throws {
    let days: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var expected = (year: 1800 as Int64, month: 1 as Int64, day: 1 as Int64)
    let first = try #require(CivilDate(year: 1800, month: 1, day: 1)).daysSince1970
    #expect(first == -62_091)
    for day in first..<first + 146_097 {
      let date = try #require(CivilDate(daysSince1970: day))
      guard (date.year, date.month, date.day) == expected, date.daysSince1970 == day,
        CivilDate(date.description) == date
      else {
        Issue.record("\(date) is not \(expected), day \(day)")
        return
      }
      let isLeap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
      let length = expected.month == 2 && isLeap ? 29 : days[Int(expected.month) - 1]
      expected.day += 1
      if expected.day > length { expected = (expected.year, expected.month + 1, 1) }
      if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
    }
    #expect(CivilDate(daysSince1970: first + 146_097) == CivilDate(year: 2200, month: 1, day: 1))
  }

  @Test(arguments: [
    "", "2026", "2026-11", "2026-11-1", "26-11-11", "2026-11-31", "2026-13-01", "2026-00-01", "2026-01-00",
    "2026-02-29",
    "1900-02-29", "+026-11-11", "2026-+1-11", "2026-11-11 ", "2026-11-11-", "２０２６-11-11",
  ])
  func whatIsNoDate(text: String) { #expect(CivilDate(text) == nil) }

  @Test(arguments: [
    ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-11-11", 20_768), ("0000-03-01", -719_468),
    ("9999-12-31", 2_932_896),
  ])
  func knownDays(text: String, days: Int64) throws {
    #expect(try #require(CivilDate(text)).daysSince1970 == days)
    #expect(CivilDate(daysSince1970: days)?.description == text)
  }

  @Test func bothEnds() throws {
    #expect(CivilDate(daysSince1970: .max) == nil)
    #expect(try #require(CivilDate(daysSince1970: .min)).year < -25_000_000_000_000_000)
    #expect(CivilDate(year: .max, month: 1, day: 1) == nil && CivilDate(year: .min, month: 1, day: 1) == nil)
    let dates = ["2026-11-11", "2026-11-12", "2026-12-01", "2027-01-01"].compactMap { CivilDate($0) }
    #expect(dates.count == 4 && dates == dates.sorted())
  }
}
