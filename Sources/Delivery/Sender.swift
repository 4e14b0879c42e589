public import AttuneModel
import DequeModule
public import Lanes
import Platform
public import Store
import Synchronization

/// Carries messages from the outbox to their channels, and what came of them to the journal.
///
/// What is to be done decides a `Lane` for each channel and class; the sender does it: claims, hands over, settles,
/// puts back, waits. It holds nothing that a crash could lose: a message is claimed before it is handed over, and a
/// claim that finds no settlement is looked into at the next start.
public actor Sender {
  // The outbox blocks on the disk, so it has a thread of its own.
  private nonisolated let thread = ThreadExecutor("attune.sender")
  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  public struct Settings: Sendable {
    /// Of every lane whose channel does not say otherwise.
    public var lane = LaneSettings()
    /// How often it looks, when nobody nudges it.
    public var period = TimeSpan.seconds(1)

    public init() {}
  }

  let outbox: any Outbox
  let channels: [String: any Channel]
  let directory: (any DeviceDirectory)?
  let settings: Settings
  let now: @Sendable () -> Instant
  let settle: @Sendable ([Settlement]) async throws -> Void
  let trouble: @Sendable (any Error) -> Void

  var lanes: [LaneID: LaneAtWork] = [:]
  /// What was left over by a crash was handed to the lanes.
  var hasRecovered = false
  /// Withheld by the outbox, and not settled yet.
  var withheld: Set<CandidateID> = []
  /// How messages ended, not journaled yet: lanes go on meanwhile.
  var untold: Deque<Settlement> = []
  /// While they are told.
  var telling: Task<Void, Never>?
  /// Messages claimed so far.
  var claimed = 0
  /// Lanes work by themselves, and waits are waited for: not so in `drain`.
  var isRunning = false
  private var failures = 0
  private var backoff: Backoff
  private var rest: CheckedContinuation<Void, Never>?
  /// Told to stop, by whoever cancelled `run`.
  nonisolated let isStopping = Mutex(false)
  private let bell = Mutex<AsyncStream<Void>.Continuation?>(nil)

  /// - Parameters:
  ///   - channels: by their names, which are to differ; the first of a name is taken.
  ///   - directory: where channels with devices find them; nil for none.
  ///   - now: the hour it is.
  ///   - trouble: told of every error of outbox, journal and directory, and of every lane that has to wait
  ///     (`LaneTrouble`). The sender goes on.
  ///   - settle: journals settlements; the same transaction settles the outbox rows. When it throws, they come again.
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
    backoff = Backoff(
      first: settings.lane.firstRetry, longest: settings.lane.longestRetry, seed: settings.lane.seed)
    for channel in self.channels.values {
      for `class` in Message.Class.allCases {
        let id = LaneID(channel: channel.name, class: `class`)
        lanes[id] = LaneAtWork(id, channel, settings.lane)
      }
    }
  }

  /// There is something to send. Cheap, from anywhere.
  public nonisolated func nudge() {
    _ = bell.withLock { $0?.yield() }
  }

  /// Sends until the task is cancelled; then claims nothing more, waits for what channels have in hand, at most for
  /// their deadlines, and returns.
  public func run() async {
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    bell.withLock { $0 = continuation }
    isRunning = true
    nudge()
    await withTaskCancellationHandler {
      await withTaskGroup { group in
        group.addTask { [period = Duration.milliseconds(max(1, settings.period.milliseconds))] in
          while (try? await Task.sleep(for: period)) != nil { continuation.yield() }
        }
        for await _ in signals { await pass() }
        group.cancelAll()
      }
    } onCancel: {
      isStopping.withLock { $0 = true }
    }
    for id in lanes.keys.sorted() { start(id) }
    while !isAtRest { await withCheckedContinuation { rest = $0 } }
    isRunning = false
    for id in lanes.keys { lanes[id]?.timer?.cancel() }
  }

  /// Sends until nothing is due, and waits for every answer, however long it takes.
  ///
  /// - Throws: what outbox or journal throw; calling it again goes on from there.
  public func drain() async throws {
    for id in lanes.keys.sorted() { try await work(on: id) }
    var (found, before) = (0, 0)
    repeat {
      before = claimed
      found = try lookAround()
      for id in lanes.keys.sorted() { lanes[id]?.inbox.append(.wake) }
      while lanes.values.contains(where: \.isOpen) {
        for id in lanes.keys.sorted() { try await work(on: id) }
        for task in lanes.values.flatMap(\.flights.values) { await task.value }
      }
    } while found > 0 || claimed > before
  }

  /// Wakes every lane; they go on by themselves.
  private func pass() async {
    if isStopping.withLock({ $0 }) { return }
    do {
      // More of them than are taken at a time: the rest follows at once.
      if try lookAround() >= settings.lane.batch { nudge() }
      failures = 0
    } catch {
      trouble(error)
      let wait = delay(after: failures)
      failures += 1
      try? await Task.sleep(for: .milliseconds(wait.milliseconds))
      return
    }
    for id in lanes.keys.sorted() {
      lanes[id]?.inbox.append(.wake)
      start(id)
    }
  }

  /// Outbox and journal are near, and what waits may expire.
  func delay(after failures: Int) -> TimeSpan {
    min(backoff.delay(attempts: failures), .seconds(5))
  }

  private var isAtRest: Bool { telling == nil && lanes.values.allSatisfy(\.isAtRest) }

  /// A lane has nothing more to do for now.
  func noteRest() {
    guard let waiting = rest, isAtRest else { return }
    rest = nil
    waiting.resume()
  }
}
