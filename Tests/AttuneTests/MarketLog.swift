import AttuneModel
import CZlib
import Foundation

/// A small log for `examples/market`: bursts of one user around one item, out of order within the lateness, with some
/// events twice, some far too late and some lines that are no events.
struct MarketLog {
  private(set) var lines: [String] = []
  private(set) var duplicates = 0
  private(set) var late = 0
  /// Counted from 1.
  private(set) var malformed: [Int] = []

  var text: String { lines.joined(separator: "\n") + "\n" }

  /// 2026-11-10T00:00:00Z.
  static let start: Int64 = 1_794_268_800_000

  init(seed: UInt64, bursts: Int) {
    var random = SeededGenerator(seed: seed)
    var clock = MarketLog.start
    var count = 0
    for _ in 0..<bursts {
      clock += Int64.random(in: 1000...600_000, using: &random)
      let user = Int.random(in: 0..<60, using: &random)
      let item = Int.random(in: 0..<40, using: &random)
      for _ in 0..<Int.random(in: 1...9, using: &random) {
        clock += Int64.random(in: 0...400, using: &random)
        count += 1
        let kind = ["view", "view", "view", "view", "view", "cart", "favourite", "buy"].randomElement(using: &random)
        let at = clock + Int64.random(in: 0...900, using: &random)
        lines.append(Self.line(count, user, kind ?? "view", random.fraction() < 0.8 ? item : item + 1, at))
        disturb(&random, clock, count)
      }
    }
  }

  private static func line(_ id: Int, _ user: Int, _ kind: String, _ item: Int, _ at: Int64) -> String {
    #"{"id":"e\#(id)","user":"u\#(user)","event":"\#(kind)","item":"i\#(item)","category":"c\#(item % 5)","ts":\#(at)}"#
  }

  private mutating func disturb(_ random: inout SeededGenerator, _ clock: Int64, _ count: Int) {
    switch random.fraction() {
    case ..<0.02:
      lines.append(lines[lines.count - 1])
      duplicates += 1
    case ..<0.03:
      lines.append(Self.line(count + 1_000_000, 7, "buy", 3, clock - 3_600_000))
      late += 1
    case ..<0.033:
      let wrong = [#"{"user":"u1","event":"view""#, "[]", #"{"user":"u1","ts":1794268800000}"#, "null", #"{"ts":12}"#]
      lines.append(wrong[malformed.count % wrong.count])
      malformed.append(lines.count)
    default: break
    }
  }

  static func gzip(_ text: String, to path: String) {
    guard let file = gzopen(path, "wb") else { return }
    var bytes = Array(text.utf8)
    gzwrite(file, &bytes, UInt32(bytes.count))
    gzclose(file)
  }
}
