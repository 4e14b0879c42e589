import AttuneModel
import Learning

/// A problem of allocation drawn from a seed; `scripts/hindsight-golden` draws the same.
struct QuotaProblem {
  var values: [Float]
  var quotas: Quotas

  init(seed: UInt64, rows: Int, copies: Int) throws {
    var generator = SeededGenerator(seed: seed)
    values = (0..<rows * copies).map { _ in
      let fraction = generator.fraction()
      return Float(fraction * fraction * 0.25)
    }
    let count = Double(rows)
    let maximum = (0..<copies).map { _ in Int(count * (0.05 + 0.4 * generator.fraction())) }
    let minimum = maximum.map { Int(Double($0) * generator.fraction() * 0.3) }
    let channels = (0..<copies).map { $0 % 2 }
    let needs = (0..<2).map { channel in zip(minimum, channels).reduce(0) { $1.1 == channel ? $0 + $1.0 : $0 } }
    let channelMaximum = needs.map { $0 + Int(count * 0.3 * generator.fraction()) }
    let budget = minimum.reduce(0, +) + Int(count * 0.4 * generator.fraction())
    quotas = try Quotas(
      rounds: rows, copies: copies, maximum: maximum, minimum: minimum, channels: channels,
      channelMaximum: channelMaximum, budget: budget)
  }

  var rows: Int { values.count / quotas.copies }

  func values(of row: Int) -> [Double] {
    values[row * quotas.copies..<(row + 1) * quotas.copies].map(Double.init)
  }

  /// Everything that sends break: what is over, and what is still owed.
  func violations(_ sends: [Int?]) -> [String] {
    var used = [Int](repeating: 0, count: quotas.copies)
    for copy in sends { if let copy { used[copy] += 1 } }
    var found: [String] = []
    for copy in used.indices {
      if used[copy] > quotas.maximum[copy] ?? .max { found.append("maximum of \(copy)") }
      if used[copy] < quotas.minimum[copy] { found.append("minimum of \(copy)") }
    }
    for (channel, most) in quotas.channelMaximum.enumerated() {
      let sum = used.indices.reduce(0) { quotas.channels[$1] == channel ? $0 + used[$1] : $0 }
      if sum > most ?? .max { found.append("channel \(channel)") }
    }
    if used.reduce(0, +) > quotas.budget ?? .max { found.append("budget") }
    return found
  }

  func value(_ sends: [Int?]) -> Double {
    sends.enumerated().reduce(0) { sum, send in
      send.element.map { sum + Double(values[send.offset * quotas.copies + $0]) } ?? sum
    }
  }
}
