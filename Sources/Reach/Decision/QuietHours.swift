public import AttuneModel

/// A span of the day in which nobody is disturbed; it may cross midnight.
public struct QuietHours: Hashable, Sendable {
  /// Milliseconds since local midnight; quiet from `from` until before `to`.
  public var from: Int64
  public var to: Int64

  /// Reads `{ from: "22:00", to: "08:00" }`.
  static func read(_ fields: inout Fields, _ diagnostics: inout Diagnostics) -> QuietHours? {
    let hint = "{ from: \"22:00\", to: \"08:00\" }"
    let from = fields.require("from", &diagnostics, hint: hint).flatMap { time($0, &diagnostics) }
    let to = fields.require("to", &diagnostics, hint: hint).flatMap { time($0, &diagnostics) }
    guard let from, let to else { return nil }
    if from == to {
      diagnostics.error(fields.mark, "the quiet hours are empty: they begin when they end")
      return nil
    }
    return QuietHours(from: from, to: to)
  }

  /// When they end, if `at` lies within them.
  public func end(_ at: Instant, in zone: Zone) -> Instant? {
    let time = zone.timeOfDay(at)
    let within = from < to ? (from..<to).contains(time) : time >= from || time < to
    guard within else { return nil }
    let day = zone.day(at) + (from > to && time >= from ? 1 : 0)
    let end = zone.firstInstant(local: day * 86_400_000 + to)
    // Where clocks are put back within the quiet hours, the first such instant may lie behind.
    return end > at ? end : at + TimeSpan(milliseconds: (to - time + 86_400_000) % 86_400_000)
  }

  /// In the place of some that cannot be read.
  static let standIn = QuietHours(from: 0, to: 60_000)

  /// How long they last, on a day without a change of clocks.
  var length: TimeSpan {
    TimeSpan(milliseconds: (to - from + 86_400_000) % 86_400_000)
  }

  private static func time(_ node: Node, _ diagnostics: inout Diagnostics) -> Int64? {
    if let time = TimeOfDay(node.scalar ?? "") { return time.milliseconds }
    let text = node.scalar ?? ""
    let parts = text.split(separator: ":").compactMap { Int($0) }
    let isTime = parts.count == 2 && text.contains(":")
    diagnostics.error(
      node.mark, isTime ? "'\(text)' is no time of day, 00:00 to 23:59" : "expected a time of day",
      hint: parts == [24, 0] ? "a day ends when the next begins: write \"00:00\"" : "write \"22:00\", in quotes")
    return nil
  }
}

/// `22:00`.
struct TimeOfDay: Hashable {
  /// Since local midnight.
  var milliseconds: Int64

  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int64(parts[0]),
      let minute = Int64(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
    else { return nil }
    milliseconds = (hour * 60 + minute) * 60_000
  }
}
