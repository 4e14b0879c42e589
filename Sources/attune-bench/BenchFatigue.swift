import ArgumentParser
import AttuneModel
import CommandSupport
import Foundation
import Insight

struct BenchFatigue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fatigue",
    abstract: "Fatigue control alone: what a check and a reservation cost, and what a live key takes.",
    discussion: """
      Each number of live keys (100,000, a million and so on up to --keys) is measured in a process of its own, on one \
      thread: six invented days open the keys, the seventh is measured. Where redis-server is installed, the same calls \
      go through it as an atomic script over a pipelined connection.

      With --http the server is measured instead, in a process of its own beside the load generator: an empty handler, \
      one durable reservation a request, and batches. With --hold it has to hold a rate of single reservations.
      """)

  /// Whether Redis is measured too.
  enum Redis: String, ExpressibleByArgument, CaseIterable {
    case auto, off, require
  }

  @Option(help: "Live keys (user, business).") var keys = 10_000_000
  @Option(help: "Businesses.") var businesses = 30
  @Option(help: "Live keys a user (default: one for each business).") var keysPerUser: Int?
  @Option(help: "Runs; the median counts.") var runs = 3
  @Option(help: "Seed.") var seed: UInt64 = 42
  @Option(help: "Least seconds of measured calls a run (default: 1; with --http 10, of each kind).") var seconds:
    Double?
  @Option(help: "Compare with Redis: auto (where it is installed), off or require.") var redis = Redis.auto
  @Flag(help: "Measure the server over HTTP.") var http = false
  @Option(help: "Hold so many single reservations a second over HTTP.") var hold: Int?
  @Option(help: "With --hold: how long.") var minutes = 10.0
  @Option(help: "Over HTTP: keep-alive connections.") var connections = 256
  @Option(help: "Over HTTP: users.") var users = 200_000
  @Option(help: "With --http: reservations a batch.") var batch = 100
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: .hidden) var oneSize = false

  func validate() throws {
    if http, hold != nil { throw ValidationError("--http and --hold are two different measurements") }
    if keys < 1 || keys > 1_000_000_000 { throw ValidationError("--keys is from 1 to 1000000000") }
    if businesses < 1 || businesses > 10_000 { throw ValidationError("--businesses is from 1 to 10000") }
    if let keysPerUser, keysPerUser < 1 || keysPerUser > businesses {
      throw ValidationError("--keys-per-user is from 1 to the number of businesses")
    }
    if keys < keysPerUser ?? businesses { throw ValidationError("--keys is at least the keys of one user") }
    if runs < 1 || runs > 1000 { throw ValidationError("--runs is from 1 to 1000") }
    if let seconds, !(0...3600).contains(seconds) { throw ValidationError("--seconds is from 0 to 3600") }
    if let hold, hold < 1 || hold > 1_000_000 { throw ValidationError("--hold is from 1 to 1000000 a second") }
    if !(0.01...10_000).contains(minutes) { throw ValidationError("--minutes is from 0.01 to 10000") }
    if connections < 1 || connections > 10_000 { throw ValidationError("--connections is from 1 to 10000") }
    if users < 1 || users > 9_999_999 { throw ValidationError("--users is from 1 to 9999999") }
    if batch < 1 || batch > 1000 { throw ValidationError("--batch is from 1 to 1000") }
    if redis == .require, RedisServer.program == nil {
      throw ValidationError("redis-server is not in the search path (hint: --redis auto does without it)")
    }
  }

  func run() throws {
    if oneSize { return try measureHere() }
    if http { return try runHTTP() }
    if let hold { return try runHold(hold) }
    let sizes = try FatigueSizes(keys: keys, keysPerUser: keysPerUser ?? businesses).all.map(measureInChild)
    let report = FatigueReport(businesses: businesses, runs: runs, seed: seed, sizes: sizes, redis: try compare(sizes))
    Terminal.endProgress()
    if json { try Terminal.out(json: report) } else { Terminal.out(report.text) }
  }

  private func workload(_ keys: Int, _ keysPerUser: Int) throws -> FatigueWorkload {
    try FatigueWorkload(keys: keys, businesses: businesses, keysPerUser: keysPerUser, seed: seed)
  }

  private func measureHere() throws {
    var benchmark = FatigueBenchmark(
      workload: try workload(keys, keysPerUser ?? businesses), runs: runs, seconds: seconds ?? 1)
    try Terminal.out(json: try benchmark.measure())
  }

  /// What one size leaves in memory and caches does not touch the next.
  private func measureInChild(_ size: FatigueSizes.Size) throws -> FatigueFigures {
    Terminal.progress("measuring", nil, "\(size.keys.grouped) keys, \(size.keysPerUser) a user")
    let child = try ChildProcess(bench: [
      "fatigue", "--one-size", "--keys", "\(size.keys)", "--keys-per-user", "\(size.keysPerUser)",
      "--businesses", "\(businesses)", "--runs", "\(runs)", "--seed", "\(seed)", "--seconds", "\(seconds ?? 1)",
    ])
    defer { child.stop() }
    guard let figures = try? JSONDecoder().decode(FatigueFigures.self, from: child.wholeOutput()) else {
      throw child.failure("no figures of \(size.keys.grouped) keys")
    }
    return figures
  }

  /// With the sizes up to a million: beyond that it shows nothing new, and takes long to fill.
  private func compare(_ sizes: [FatigueFigures]) throws -> RedisFigures? {
    guard redis != .off, let program = RedisServer.program else { return nil }
    let server = try RedisServer(program: program)
    defer { server.stop() }
    var benchmark = RedisBenchmark(server)
    let few = try workload(min(keys, 30_000), keysPerUser ?? businesses)
    Terminal.progress("measuring", nil, "Redis, agreement")
    var figures = RedisFigures(
      version: try server.version(), depth: 0, sizes: [], agreeing: try benchmark.agree(on: few))
    figures.depth = try benchmark.tune(few)
    for size in sizes where size.keysPerUser == keysPerUser ?? businesses && size.keys <= 1_000_000 {
      Terminal.progress("measuring", nil, "Redis, \(size.keys.grouped) keys")
      var theirs = try benchmark.measure(try workload(size.keys, size.keysPerUser), runs: runs, seconds: seconds ?? 1)
      theirs.compare(to: size)
      figures.sizes.append(theirs)
    }
    return figures
  }
}
