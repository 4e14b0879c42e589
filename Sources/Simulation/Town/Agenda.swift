import AttuneModel
import Reach

/// What arrives when, handed over tick by tick in the order of arrival.
struct Agenda: Sendable {
  private struct Entry: Sendable {
    var at: Instant
    var input: Input
  }

  private let start: Instant
  private let tick: TimeSpan
  private var buckets: [[Entry]]
  private var next = 0
  /// Events handed over so far.
  private(set) var events = 0

  init(_ settings: TownSettings) {
    start = settings.start
    tick = settings.tick
    let length = (settings.end - settings.start).milliseconds
    buckets = Array(repeating: [], count: Int((length + tick.milliseconds - 1) / tick.milliseconds))
  }

  var ticks: Int { buckets.count }

  /// When the tick of that number ends, and the door opens.
  func instant(of number: Int) -> Instant { start + TimeSpan(milliseconds: Int64(number + 1) * tick.milliseconds) }

  /// What would arrive after the last tick never does; what should have arrived already comes with the next one.
  mutating func add(_ input: Input, at: Instant) {
    let number = max(next, Int((at - start).milliseconds / tick.milliseconds))
    if number < buckets.count { buckets[number].append(Entry(at: at, input: input)) }
  }

  mutating func take() -> [Input] {
    defer {
      buckets[next] = []
      next += 1
    }
    let order = buckets[next].indices.sorted { (buckets[next][$0].at, $0) < (buckets[next][$1].at, $1) }
    let inputs = order.map { buckets[next][$0].input }
    events += inputs.count { if case .event = $0 { true } else { false } }
    return inputs
  }
}
