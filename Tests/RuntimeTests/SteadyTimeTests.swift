import AttuneModel
import Runtime
import Testing

/// A machine's clock that is set, against one that only counts.
@Suite struct SteadyTimeTests {
  private static let noon = Instant(milliseconds: 1_700_000_000_000)

  @Test func aJumpIsNotBelieved() {
    for jump in [TimeSpan.days(2), .minutes(6), .minutes(-6), .days(-400)] {
      var time = SteadyTime(machine: Self.noon, count: .zero)
      #expect(time.read(machine: Self.noon + .seconds(9), count: .seconds(9)) == Self.noon + .seconds(9))
      let wrong = time.read(machine: Self.noon + .seconds(10) + jump, count: .seconds(10))
      #expect(wrong == Self.noon + .seconds(10) && time.jump == jump, "\(jump)")
      let later = time.read(machine: Self.noon + .hours(1) + jump, count: .hours(1))
      #expect(later == Self.noon + .hours(1) && time.jump == jump, "time goes on: \(jump)")
      let right = time.read(machine: Self.noon + .hours(2) + .seconds(1), count: .hours(2))
      #expect(right == Self.noon + .hours(2) + .seconds(1) && time.jump == .zero, "it is right again: \(jump)")
    }
  }

  /// What is within the bound is followed, step by step; what is not, never: whatever the machine's clock does, the hour
  /// is never further from the truth than the corrections that were believed.
  @Test(arguments: 1...10 as ClosedRange<UInt64>) func nothingCarriesItAway(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var time = SteadyTime(machine: Self.noon, count: .zero)
    var (count, offset, believed) = (Int64(0), Int64(0), Int64(0))
    let bound = SteadyTime.bound.milliseconds
    for _ in 0..<500 {
      count += Int64(random.next(upperBound: 100_000 as UInt64))
      switch random.next(upperBound: 4 as UInt64) {
      case 0: offset = Int64(random.next(upperBound: 4_000_000_000 as UInt64)) - 2_000_000_000
      case 1: offset = believed + Int64(random.next(upperBound: 20_000 as UInt64)) - 10_000
      default: break
      }
      let hour = time.read(
        machine: Self.noon + TimeSpan(milliseconds: count + offset), count: TimeSpan(milliseconds: count))
      if abs(offset - believed) <= bound { believed = offset }
      #expect(hour == Self.noon + TimeSpan(milliseconds: count + believed), "seed \(seed)")
      #expect(time.jump.milliseconds == offset - believed, "seed \(seed)")
    }
  }
}
