import Fatigue
import Insight

/// What `attune bench fatigue` prints.
struct FatigueReport: Encodable {
  var businesses: Int
  var runs: Int
  var seed: UInt64
  var sizes: [FatigueFigures]
  var redis: RedisFigures?

  var text: String {
    var parts = [
      """
      \(businesses) businesses, one thread, seed \(seed); means are the median of \(runs) runs, percentiles hold the \
      \(Self.number(sizes.first?.clock ?? 0)) ns of reading the clock
      """,
      "Check and reserve, one atomic step\n\n" + table(\.reserve),
      "The same in batches, \(FatigueTracker.preparation) users prepared for at a time\n\n" + table(\.prepared),
      "Check alone\n\n" + table(\.check),
      "Around it, and memory\n\n" + surroundings,
    ]
    if let redis { parts.append(text(of: redis)) }
    return parts.joined(separator: "\n\n")
  }

  private func table(_ kind: KeyPath<FatigueFigures, FatigueFigures.Calls>) -> String {
    var table = TextTable([
      "live keys", "a user", "pass", "ns a call", "of CPU", "cost", "calls/s", "p50 ns", "p99 ns", "p999 ns",
    ])
    let first = sizes.first?[keyPath: kind].mean ?? 1
    for size in sizes {
      let calls = size[keyPath: kind]
      table.add(
        [
          size.keys.grouped, String(size.keysPerUser), calls.passing.percent(0), Self.number(calls.mean),
          Self.number(calls.processor),
          (calls.mean / max(first, 1e-3)).decimal(1) + "x", Int(calls.perSecond).grouped,
        ] + [calls.p50, calls.p99, calls.p999].map { $0 > 0 ? Self.number($0) : "-" })
    }
    return table.text
  }

  private var surroundings: String {
    var table = TextTable([
      "live keys", "a user", "ns a reach that opens a key", "ns a settlement", "bytes a key", "after the day",
    ])
    for size in sizes {
      table.add([
        size.keys.grouped, String(size.keysPerUser), Self.number(size.open), Self.number(size.settle),
        size.bytesPerKey.map(Self.number) ?? "-", size.bytesPerKeyAfterTraffic.map(Self.number) ?? "-",
      ])
    }
    return table.text
  }

  private func text(of redis: RedisFigures) -> String {
    var table = TextTable(["live keys", "pass", "calls/s", "bytes a key", "busy", "faster", "by CPU"])
    for size in redis.sizes {
      table.add([
        size.keys.grouped, size.passing.percent(0), Int(size.perSecond).grouped, Self.number(size.bytesPerKey),
        size.busy.map { $0.percent(0) } ?? "-", size.ratio.decimal(1) + "x",
        size.ratioOfProcessor.map { $0.decimal(1) + "x" } ?? "-",
      ])
    }
    return """
      Redis \(redis.version), the same calls as an atomic script, \(redis.depth) on their way at a time; both said the \
      same of \(redis.agreeing.grouped) calls. Faster: our check and reserve, in calls a second, and in processor a call

      \(table.text)
      """
  }

  private static func number(_ value: Double) -> String { value.decimal(value < 100 ? 1 : 0) }
}
