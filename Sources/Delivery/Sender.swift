public import AttuneModel
import Platform
import Synchronization

/// Carries messages from the outbox to their channels, and what came of them to the journal.
///
/// It holds nothing that a crash could lose: a message is claimed before it is handed over, and a claim that finds no
/// settlement is looked into at the next start.
public actor Sender {
  // The outbox blocks on the disk, so it has a thread of its own.
  private nonisolated let thread = ThreadExecutor("attune.sender")
  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  public struct Settings: Sendable {
    /// Messages claimed at a time.
    public var batch = 100
    /// How often it looks, when nobody nudges it.
    public var period = TimeSpan.seconds(1)
    /// The wait before the second try; it doubles with each one, up to `longestRetry`.
    public var firstRetry = TimeSpan.seconds(2)
    public var longestRetry = TimeSpan.minutes(10)
    /// Of the jitter.
    public var seed: UInt64 = 0

    public init() {}
  }

  let outbox: any Outbox
  let channels: [String: any Channel]
  let directory: (any DeviceDirectory)?
  let settings: Settings
  let now: @Sendable () -> Instant
  let settle: @Sendable ([Settlement]) async throws -> Void
  let trouble: @Sendable (any Error) -> Void

  /// Of messages; and of the outbox itself, when it fails.
  var backoff: Backoff
  private var failures = 0
  var hasRecovered = false
  /// What is known and not yet recorded: kept until outbox and journal have taken it.
  var retries: [Retry] = []
  var settlements: [Settlement] = []
  private let bell = Mutex<AsyncStream<Void>.Continuation?>(nil)

  /// - Parameters:
  ///   - channels: by their names, which are to differ; the first of a name is taken.
  ///   - settle: journals settlements; the same transaction settles the outbox rows. When it throws, they come again.
  ///   - trouble: told of every error of outbox, journal and directory. The sender goes on.
  public init(
    outbox: any Outbox, channels: [any Channel], directory: (any DeviceDirectory)? = nil,
    settings: Settings = Settings(), now: @escaping @Sendable () -> Instant,
    trouble: @escaping @Sendable (any Error) -> Void = { _ in },
    settle: @escaping @Sendable ([Settlement]) async throws -> Void
  ) {
    self.outbox = outbox
    self.channels = Dictionary(channels.map { ($0.name, $0) }) { first, _ in first }
    self.directory = directory
    self.settings = settings
    self.now = now
    self.settle = settle
    self.trouble = trouble
    backoff = Backoff(first: settings.firstRetry, longest: settings.longestRetry, seed: settings.seed)
  }

  /// There is something to send. Cheap, from anywhere.
  public nonisolated func nudge() {
    _ = bell.withLock { $0?.yield() }
  }

  /// Sends until the task is cancelled; then finishes the batch in flight and returns.
  public func run() async {
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    bell.withLock { $0 = continuation }
    nudge()
    await withTaskGroup { group in
      group.addTask { [period = Duration.milliseconds(max(1, settings.period.milliseconds))] in
        while (try? await Task.sleep(for: period)) != nil { continuation.yield() }
      }
      for await _ in signals { await pass() }
      group.cancelAll()
    }
  }

  /// Sends until nothing is due. Throws what outbox or journal throw; calling it again goes on from there.
  public func drain() async throws {
    while try await step() {}
  }

  private func pass() async {
    do {
      // A task of its own, so that a cancellation does not reach into a delivery.
      while !Task.isCancelled, try await Task(operation: { try await step() }).value {}
      failures = 0
    } catch {
      trouble(error)
      // Outbox and journal are near, and what waits may expire.
      let wait = min(backoff.delay(attempts: failures), .seconds(5))
      failures += 1
      try? await Task.sleep(for: .milliseconds(wait.milliseconds))
    }
  }
}
