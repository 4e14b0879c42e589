import AttuneModel
import Foundation
import Testing

@Suite struct CivilDateTests {
  @Test func agreesWithFoundationOnRandomDays() throws {
    var random = SeededGenerator(seed: 3)
    let style = Date.ISO8601FormatStyle().year().month().day()
    for _ in 0..<2000 {
      // Years 1583 to 9999; before, Foundation follows the Julian calendar.
      let day = Int64.random(in: -141_000..<2_932_897, using: &random)
      let date = try #require(CivilDate(daysSince1970: day))
      #expect(date.description == Date(timeIntervalSince1970: Double(day) * 86_400).formatted(style), "day \(day)")
      #expect(date.daysSince1970 == day)
      #expect(CivilDate(date.description) == date)
    }
  }

  @Test func countsEveryDay() throws {
    // From 1999-12-31 to 2101-01-01, by a calendar that only knows how long months are.
    var days = try #require(CivilDate("1999-12-31")).daysSince1970
    for year in 2000...2100 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        for day in 1...length {
          days += 1
          let date = try #require(CivilDate(year: Int64(year), month: Int64(month + 1), day: Int64(day)))
          #expect(date.daysSince1970 == days)
        }
        #expect(CivilDate(year: Int64(year), month: Int64(month + 1), day: Int64(length + 1)) == nil)
      }
    }
  }

  @Test(
    arguments: [
      ("1970-01-01", 0), ("2026-11-11", 20_768), ("1969-12-31", -1), ("0000-01-01", -719_528), ("2000-02-29", 11_016),
    ] as [(String, Int64)])
  func reads(text: String, days: Int64) {
    #expect(CivilDate(text)?.daysSince1970 == days)
    #expect(CivilDate(daysSince1970: days)?.description == text)
  }

  @Test(arguments: [
    "", "2026", "2026-11", "2026-1-11", "2026-11-1", "2026-13-01", "2026-00-01", "2026-02-29", "1900-02-29",
    "2026-04-31",
    "2026-01-00", "+026-01-01", "2026-+1-01", "２026-01-01", "2026-01-01 ", "2026-01-01-01", "-2026-01-01", "2026/01/01",
  ])
  func refuses(text: String) { #expect(CivilDate(text) == nil) }

  @Test func neverTrapsAtTheEndsOfTime() {
    #expect(CivilDate(daysSince1970: .max) == nil)
    for days in [Int64.min, .max - 719_468, -719_469] {
      #expect(CivilDate(daysSince1970: days)?.daysSince1970 == days)
    }
    #expect(CivilDate(year: .max, month: 1, day: 1) == nil)
    #expect(CivilDate(year: 2026, month: 1, day: .max) == nil)
    #expect(CivilDate(daysSince1970: -719_529)?.description == "-0001-12-31")
  }
}
