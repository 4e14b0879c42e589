public import AttuneModel
import Runtime
import Synchronization

/// The hour it is to a server: what the machine's clock says, as long as that can be believed.
public final class ServerClock: Sendable {
  private let machine: @Sendable () -> Instant
  private let count: @Sendable () -> TimeSpan
  private let time: Mutex<SteadyTime>

  /// - Parameters:
  ///   - machine: what the machine's clock says.
  ///   - count: of a clock that nobody sets.
  public init(machine: @escaping @Sendable () -> Instant, count: @escaping @Sendable () -> TimeSpan) {
    self.machine = machine
    self.count = count
    time = Mutex(SteadyTime(machine: machine(), count: count()))
  }

  /// The machine's own.
  public convenience init() {
    let start = ContinuousClock.now
    self.init(machine: SystemClock.now) {
      TimeSpan(milliseconds: Int64((ContinuousClock.now - start) / .milliseconds(1)))
    }
  }

  /// A clock that is believed whatever it says.
  public convenience init(believing machine: @escaping @Sendable () -> Instant) {
    self.init(machine: machine) { machine() - Instant(milliseconds: 0) }
  }

  @Sendable public func now() -> Instant { time.withLock { $0.read(machine: machine(), count: count()) } }

  /// By how much the machine's clock is ahead of what is believed, behind it where negative; zero while it is believed.
  public var jump: TimeSpan {
    time.withLock { time in
      _ = time.read(machine: machine(), count: count())
      return time.jump
    }
  }

  /// The machine's clock is right: somebody has looked.
  func believe() { time.withLock { $0 = SteadyTime(machine: machine(), count: count()) } }
}
