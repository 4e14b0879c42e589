import CommandSupport
import DequeModule
import NIOCore

/// Decides when which connection sends. Everything happens on one event loop.
final class LoadDriver {
  /// When the next request is due.
  enum Pace {
    /// As soon as the one before is answered.
    case closed
    /// At even distances of so many nanoseconds, whatever the answers do: latency counts from the instant at which it
    /// ought to have been sent, so a server that stalls cannot hide it.
    case open(interval: Double)
  }

  private let loop: any EventLoop
  private var population: LoadPopulation
  private var connections: [LoadConnection] = []
  /// Whoever has waited longest comes first: a server closes connections that it never hears of.
  private var idle: Deque<LoadConnection> = []
  private var busy = 0
  private var pace = Pace.closed
  private var started: UInt64 = 0
  private var end: UInt64 = 0
  private var sent = 0
  private var counts = LoadCounts()
  private var finished: EventLoopPromise<Void>?
  private var ticks: RepeatedTask?
  private var failure: Failure?

  init(_ loop: any EventLoop, _ population: LoadPopulation) {
    self.loop = loop
    self.population = population
  }

  func connected(_ connection: LoadConnection) { connections.append(connection) }

  func disconnect() {
    for connection in connections { connection.close() }
    connections = []
  }

  /// - Returns: done when the time is over and everything is answered.
  func start(_ request: LoadRequest, _ pace: Pace, seconds: Double) -> EventLoopFuture<Void> {
    let promise = loop.makePromise(of: Void.self)
    if let failure {
      promise.fail(failure)
      return promise.futureResult
    }
    finished = promise
    self.pace = pace
    idle = Deque(connections)
    for connection in connections { connection.prepare(request) }
    sent = 0
    counts = LoadCounts()
    started = MonotonicTime.now
    end = started + UInt64(seconds * 1e9)
    if case .open = pace {
      let here = NIOLoopBound(self, eventLoop: loop)
      ticks = loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { _ in
        here.value.sendWhatIsDue(MonotonicTime.now)
      }
    } else {
      sendWhatIsDue(started)
    }
    return promise.futureResult
  }

  /// What was counted since it was last taken.
  func take() throws -> LoadCounts {
    if let failure { throw failure }
    defer { counts = LoadCounts() }
    return counts
  }

  func answered(_ connection: LoadConnection, _ response: ResponseReader.Response, of request: LoadRequest) {
    let now = MonotonicTime.now
    busy -= 1
    idle.append(connection)
    if request.statuses.contains(response.status), response.passed + response.refused == request.reservations {
      counts.add(response, latency: now - connection.intended)
    } else if case .open = pace {
      counts.add(error: Self.explain(response))
    } else {
      return fail(Self.explain(response))
    }
    sendWhatIsDue(now)
  }

  func fail(_ reason: String) {
    // When nothing goes on, connections may close.
    guard finished != nil else { return }
    failure = failure ?? .unavailable("the load cannot go on: \(reason)")
    if let failure { finish { $0.fail(failure) } }
  }

  private static func explain(_ response: ResponseReader.Response) -> String {
    response.problem.map { "an answer with status \(response.status): \($0.prefix(300))" }
      ?? "an answer with \(response.passed + response.refused) verdicts"
  }

  private func sendWhatIsDue(_ now: UInt64) {
    guard failure == nil else { return }
    while let due = due(at: now), let connection = idle.popFirst() {
      busy += 1
      sent += 1
      connection.send(&population, intended: due)
    }
    if busy == 0, now >= end { finish { $0.succeed() } }
  }

  private func due(at now: UInt64) -> UInt64? {
    switch pace {
    case .closed: return now < end ? now : nil
    case .open(let interval):
      let due = started + UInt64(Double(sent) * interval)
      return due <= now && due < end ? due : nil
    }
  }

  private func finish(_ body: (EventLoopPromise<Void>) -> Void) {
    ticks?.cancel()
    ticks = nil
    if let finished { body(finished) }
    finished = nil
  }
}

/// What came back.
struct LoadCounts: Sendable {
  var requests = 0
  /// Those answered with 429.
  var turnedAway = 0
  var passed = 0
  var refused = 0
  var errors = 0
  var firstError: String?
  /// Nanoseconds.
  var latency = Histogram()

  mutating func add(_ response: ResponseReader.Response, latency: UInt64) {
    requests += 1
    if response.status == 429 { turnedAway += 1 }
    passed += response.passed
    refused += response.refused
    self.latency.record(latency)
  }

  mutating func add(error: String) {
    errors += 1
    firstError = firstError ?? error
  }

  mutating func add(_ other: LoadCounts) {
    requests += other.requests
    turnedAway += other.turnedAway
    passed += other.passed
    refused += other.refused
    errors += other.errors
    firstError = firstError ?? other.firstError
    latency.add(other.latency)
  }
}
