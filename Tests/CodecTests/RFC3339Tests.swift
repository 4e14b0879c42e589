import AttuneModel
import Codec
import Foundation
import Testing

@Suite struct RFC3339Tests {
  @Test func agreesWithFoundationOnRandomInstants() {
    var random = SeededGenerator(seed: 3)
    for round in 0..<2000 {
      // Years 1583 to 9999; before, Foundation follows the Julian calendar.
      let at = Instant(milliseconds: Int64.random(in: -12_212_553_600_000..<253_402_214_400_000, using: &random))
      let minutes = Int.random(in: -14 * 60...14 * 60, using: &random)
      let date = Date(timeIntervalSince1970: Double(at.milliseconds) / 1000)
      guard let zone = TimeZone(secondsFromGMT: minutes * 60) else { continue }
      let style = Date.ISO8601FormatStyle(timeZoneSeparator: .colon, includingFractionalSeconds: true, timeZone: zone)
      let text = style.format(date)
      #expect(Instant(rfc3339: text).map { abs($0.milliseconds - at.milliseconds) <= 1 } == true, "\(round): \(text)")
      #expect(Instant(rfc3339: text).map { abs($0.milliseconds - parsed(text)) <= 1 } == true, "\(round): \(text)")
    }
  }

  private func parsed(_ text: String) -> Int64 {
    let style = Date.ISO8601FormatStyle(timeZoneSeparator: .colon, includingFractionalSeconds: true)
    guard let date = try? style.parse(text) else { return .max }
    return Int64((date.timeIntervalSince1970 * 1000).rounded())
  }

  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-01-31T09:30:00Z", 1_769_851_800_000),
      ("2026-01-31T17:30:00.250+08:00", 1_769_851_800_250), ("2026-01-31t09:30:00z", 1_769_851_800_000),
      ("2026-01-31 09:30:00-00:00", 1_769_851_800_000), ("2026-01-31T09:30:00.1Z", 1_769_851_800_100),
      ("2026-01-31T09:30:00.123999999999Z", 1_769_851_800_123), ("2000-02-29T00:00:00Z", 951_782_400_000),
      ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("2016-12-31T15:59:60.5-08:00", 1_483_228_800_000),
      ("1969-12-31T23:59:59.999Z", -1), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
    ] as [(String, Int64)])
  func reads(text: String, milliseconds: Int64) {
    #expect(Instant(rfc3339: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-01-31", "2026-01-31T09:30:00", "2026-01-31T09:30Z", "2026-1-31T09:30:00Z",
    "2026-01-31T09:30:00.Z", "2026-01-31T09:30:00+0800", "2026-01-31T09:30:00+08", "2026-01-31T09:30:00+24:00",
    "2026-01-31T09:30:00+08:60", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-31T24:00:00Z",
    "2026-01-31T09:60:00Z", "2026-01-31T09:30:61Z", "2026-01-31T09:30:60Z", "2016-12-31T23:59:60+01:00",
    "2026-01-31T09:30:00ZZ", " 2026-01-31T09:30:00Z", "+2026-01-31T09:30:00Z", "2026-01-31_09:30:00Z",
    "２026-01-31T09:30:00Z", "2026-01-31T09:30:00Z\n",
  ])
  func refuses(text: String) { #expect(Instant(rfc3339: text) == nil) }

  @Test func countsEveryDay() {
    // From 1999-12-31 to 2101-01-01, by a calendar that only knows how long months are.
    var day = Instant(rfc3339: "1999-12-31T00:00:00Z")
    for year in 2000...2100 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        for date in 1...length {
          day = day.map { $0 + .days(1) }
          #expect(Instant(rfc3339: "\(year)-\(pad(month + 1))-\(pad(date))T00:00:00Z") == day)
        }
      }
    }
  }

  private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
