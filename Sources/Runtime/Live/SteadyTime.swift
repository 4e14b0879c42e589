public import AttuneModel

/// The hour it is, out of two clocks: the machine's, which people and programs set, and one that only counts.
///
/// Where the machine's clock jumps by more than `bound`, it is not believed: time goes on from where it was, by the one
/// that counts, until the machine's clock is right again or somebody says that it is.
public struct SteadyTime: Sendable {
  /// Corrections of a network's time are far smaller; a wrong time is mostly wrong by hours.
  public static let bound = TimeSpan.minutes(5)

  /// The last reading that was believed, and the count at it.
  private var base: Instant
  private var count: TimeSpan
  /// By how much the machine's clock is ahead of the hour it is, behind it where negative; zero while it is believed.
  public private(set) var jump = TimeSpan.zero

  /// The first reading is believed: there is nothing to compare it with.
  ///
  /// - Parameters:
  ///   - machine: what the machine's clock says.
  ///   - count: what the other one says, from whatever it counts.
  public init(machine: Instant, count: TimeSpan) {
    base = machine
    self.count = count
  }

  /// The hour it is.
  public mutating func read(machine: Instant, count: TimeSpan) -> Instant {
    let expected = base + TimeSpan(milliseconds: count.milliseconds - self.count.milliseconds)
    let jump = machine - expected
    guard -Self.bound.milliseconds...Self.bound.milliseconds ~= jump.milliseconds else {
      self.jump = jump
      return expected
    }
    self = SteadyTime(machine: machine, count: count)
    return machine
  }
}
