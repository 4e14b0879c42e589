import AttuneModel
import Testing

@testable import attune_bench

@Suite struct HistogramTests {
  /// Against sorting: nearest rank, never below it, and above by at most a 64th.
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64]) func percentilesOfRandomValues(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var histogram = Histogram()
    var values: [UInt64] = []
    for _ in 0..<2000 {
      let value = random.next() >> (random.next() % 64)
      values.append(value)
      histogram.record(value)
    }
    values.sort()
    for share in [0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
      let exact = values[max(1, Int((share * 2000).rounded(.up))) - 1]
      let told = histogram.percentile(share)
      #expect(told >= exact && told - exact <= exact / 64, "seed \(seed), share \(share): \(told), not \(exact)")
    }
    #expect(histogram.max == values.last && histogram.count == 2000)
  }

  @Test func smallValuesAreExact() {
    var histogram = Histogram()
    for value in 0..<128 as Range<UInt64> { histogram.record(value) }
    for rank in 1...128 { #expect(histogram.percentile(Double(rank) / 128) == UInt64(rank - 1)) }
  }

  @Test func extremes() {
    var histogram = Histogram()
    #expect(histogram.percentile(0.5) == 0 && histogram.max == 0)
    histogram.record(.max)
    histogram.record(0)
    #expect(histogram.percentile(0.5) == 0 && histogram.percentile(1) == .max)
  }

  @Test func addedUp() {
    var whole = Histogram()
    var parts = (Histogram(), Histogram())
    for value in stride(from: 1, to: 1_000_000, by: 997) as StrideTo<UInt64> {
      whole.record(value)
      if value % 2 == 0 { parts.0.record(value) } else { parts.1.record(value) }
    }
    parts.0.add(parts.1)
    #expect(parts.0 == whole)
  }
}
