import CommandSupport
import Foundation

/// A server that gets more events than it can take: do its messages leave, does it obey, does it answer others?
///
/// Two campaigns of one size are sent, one by a server at rest and one under the flood. Meanwhile orders and reservations
/// come at a steady rate.
struct OverloadBenchmark {
  let connections: Int
  /// Times what the server took without a limit to the rate.
  let factor: Double
  let users: Int
  let seed: UInt64

  private static let eventsARequest = 1000
  private static let ordersPerSecond = 4
  private static let reservationsPerSecond = 50

  func measure(_ progress: (String) -> Void) throws -> OverloadFigures {
    let server = try ServerProcess(files: Self.files) { folder in ["--config", folder] }
    defer { server.stop() }
    do { return try measure(server, progress) } catch let error as Failure { throw server.failure(error.message) }
  }

  private func measure(_ server: ServerProcess, _ progress: (String) -> Void) throws -> OverloadFigures {
    let generators = try (0..<3).map { number in
      try LoadGenerator(
        port: server.port,
        population: LoadPopulation(users: 1_000_000, businesses: 90, seed: seed + UInt64(number)))
    }
    defer { for generator in generators { generator.stop() } }
    let (flood, orders, reservations) = (generators[0], generators[1], generators[2])
    progress("capacity")
    let capacity = try flood.run(.events(Self.eventsARequest), connections: 16, seconds: 5)
    let taken = Double(capacity.counts.requests - capacity.counts.turnedAway) / capacity.seconds
    progress("at rest")
    let quiet = try send("quiet", to: server, by: orders)
    progress("under the flood")
    let seconds = 600.0
    _ = try flood.hold(
      .events(Self.eventsARequest), perSecond: Int((taken * factor).rounded(.up)), connections: connections,
      seconds: seconds)
    usleep(2_000_000)
    let begun = MonotonicTime.now
    _ = try flood.take()
    let busy = try send("busy", to: server, by: orders) {
      _ = try orders.hold(.order("pause", "quiet"), perSecond: Self.ordersPerSecond, connections: 4, seconds: seconds)
      _ = try reservations.hold(
        .reserve(nil, business: "theirs"), perSecond: Self.reservationsPerSecond, connections: 16, seconds: seconds)
    }
    // A campaign that is sent quickly is not all there is to see.
    while MonotonicTime.seconds(since: begun) < 10 { usleep(100_000) }
    let (events, ordered, reserved) = (try flood.take(), try orders.take(), try reservations.take())
    let span = MonotonicTime.seconds(since: begun)
    func perSecond(_ requests: Int) -> Double {
      (Double(requests * Self.eventsARequest) / span).rounded()
    }
    return OverloadFigures(
      capacity: (taken * Double(Self.eventsARequest)).rounded(), offered: perSecond(events.requests),
      taken: perSecond(events.requests - events.turnedAway), errors: events.errors + ordered.errors + reserved.errors,
      firstError: events.firstError ?? ordered.firstError ?? reserved.firstError, sentAtRest: quiet.rounded(),
      sentUnderLoad: busy.rounded(), ratio: (busy / quiet).rounded(to: 0.01),
      orders: .init(ordered), reservations: .init(reserved))
  }

  /// - Returns: messages a second, from the launch of a campaign to its last message.
  private func send(
    _ campaign: String, to server: ServerProcess, by generator: LoadGenerator, _ meanwhile: () throws -> Void = {}
  ) throws -> Double {
    var log = LineCounter(path: server.path("store/sent.ndjson"))
    let before = log.count()
    for start in stride(from: 0, to: users, by: 50_000) {
      _ = try generator.run(.audience(of: campaign, start..<min(users, start + 50_000)))
    }
    let started = MonotonicTime.now
    _ = try generator.run(.order("launch", campaign))
    try meanwhile()
    while case let sent = log.count() - before, sent < users {
      guard MonotonicTime.seconds(since: started) < 300 else {
        throw Failure.unavailable("only \(sent) of \(users) messages left in five minutes")
      }
      usleep(20_000)
    }
    return Double(users) / MonotonicTime.seconds(since: started)
  }

  private static let files: [String: String] = {
    let campaign = { (name: String) in
      """
      campaign: \(name)
      scene: news
      audience: { file: users.txt }
      fatigue: { days: 1, times: 9, minGap: 0s }
      waves: { share: 100%, every: 1s }
      holdout: 0%
      materials: [{ id: only, title: "News", body: "Hello" }]
      """
    }
    return [
      "attune.yaml": """
      fatigue: { zone: Asia/Shanghai, user: { perDay: 9 } }
      channels: { log: { type: log } }
      """,
      "rules/three-views.yaml": """
      rule: three-views
      pattern: [{ on: view, as: v, times: 3 }]
      within: 10m
      emit: { item: v.item }
      """,
      "businesses/theirs.yaml": """
      business: theirs
      scene: news
      when: three-views
      fatigue: { days: 1, times: 2, minGap: 0s }
      materials: [{ id: only, title: "Again", body: "{{item}}" }]
      """,
      "campaigns/quiet.yaml": campaign("quiet"), "campaigns/busy.yaml": campaign("busy"),
    ]
  }()
}

/// Lines of a file that grows.
private struct LineCounter {
  let path: String
  private var offset: UInt64 = 0
  private var lines = 0

  init(path: String) { self.path = path }

  mutating func count() -> Int {
    guard let file = FileHandle(forReadingAtPath: path) else { return lines }
    defer { try? file.close() }
    guard (try? file.seek(toOffset: offset)) != nil, let data = try? file.readToEnd() else { return lines }
    offset += UInt64(data.count)
    lines += data.count { $0 == 10 }
    return lines
  }
}

/// What a server did while too much came.
struct OverloadFigures: Codable, Sendable {
  struct Answered: Codable, Sendable {
    var requests: Int
    var turnedAway: Int
    var latency: Latency

    init(_ counts: LoadCounts) {
      requests = counts.requests
      turnedAway = counts.turnedAway
      latency = Latency(counts.latency)
    }
  }

  /// Events a second that were taken in with nothing else to do.
  var capacity: Double
  var offered: Double
  var taken: Double
  var errors: Int
  var firstError: String?
  /// Messages a second.
  var sentAtRest: Double
  var sentUnderLoad: Double
  var ratio: Double
  var orders: Answered
  var reservations: Answered
}
