import AttuneModel

extension SeededGenerator {
  /// 0 ..< bound; 0 where there is nothing to draw from.
  mutating func index(below bound: Int) -> Int { min(bound - 1, max(0, Int(fraction() * Double(max(0, bound))))) }

  mutating func chance(_ probability: Double) -> Bool { fraction() < probability }

  /// Uniform, at least a millisecond.
  mutating func span(upTo longest: TimeSpan) -> TimeSpan {
    TimeSpan(milliseconds: 1 + Int64(fraction() * Double(longest.milliseconds)))
  }

  /// How long something takes that happens once in about `mean`: many short waits, few long ones.
  mutating func wait(_ mean: TimeSpan) -> TimeSpan {
    // Half-lives instead of a logarithm: that is not the same on every machine.
    var halves = 0
    while halves < 6, chance(0.5) { halves += 1 }
    let halfLife = Double(mean.milliseconds) * 0.693
    return TimeSpan(milliseconds: 1 + Int64(halfLife * (Double(halves) + fraction())))
  }

  /// How many of something that happens `mean` times on average: two coins a time.
  mutating func count(_ mean: Double) -> Int {
    let draws = max(1, Int(mean * 2 + 1))
    var count = 0
    for _ in 0..<draws where chance(mean / Double(draws)) { count += 1 }
    return count
  }

  /// An index, in proportion to the weights.
  mutating func weighted(_ weights: [Double]) -> Int {
    var left = fraction() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      left -= weight
      if left < 0 { return index }
    }
    return weights.count - 1
  }
}
