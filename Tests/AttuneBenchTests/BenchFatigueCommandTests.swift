import Foundation
import TestSupport
import Testing

/// The benchmarks, so small that only their form can be seen.
@Suite(.serialized, .timeLimit(.minutes(2))) struct BenchFatigueCommandTests {
  private struct Sizes: Decodable {
    struct Size: Decodable {
      struct Calls: Decodable {
        var mean: Double
        var passing: Double
        var p50: Double
        var p999: Double
      }

      var keys: Int
      var keysPerUser: Int
      var reserve: Calls
      var check: Calls
      var bytesPerKey: Double?
    }

    var sizes: [Size]
  }

  private struct Server: Decodable {
    struct Kind: Decodable {
      var perSecond: Double
      var passing: Double?
    }

    var empty: Kind
    var single: Kind
    var batches: Kind
    var ratio: Double
    var reservesPerSecond: Double
  }

  private struct Held: Decodable {
    var requests: Int
    var errors: Int
  }

  @Test func alone() async throws {
    let outcome = try await bench(
      "fatigue", "--keys", "2000", "--runs", "1", "--seconds", "0", "--redis", "off", "--json")
    #expect(outcome.code == 0, "\(outcome)")
    let report: Sizes = try outcome.decoded()
    #expect(report.sizes.map(\.keysPerUser) == [30, 3])
    for size in report.sizes {
      #expect(size.keys <= 2000 && size.keys > 1900)
      for calls in [size.reserve, size.check] {
        #expect(calls.mean > 0 && calls.p50 > 0 && calls.p999 >= calls.p50 && (0.2...0.8).contains(calls.passing))
      }
    }
  }

  @Test func overHTTP() async throws {
    let outcome = try await bench(
      "fatigue", "--http", "--seconds", "0.1", "--runs", "1", "--connections", "4", "--batch", "10", "--json")
    #expect(outcome.code == 0, "\(outcome)")
    let report: Server = try outcome.decoded()
    #expect(report.empty.perSecond > 0 && report.single.perSecond > 0 && report.ratio > 0)
    #expect(report.batches.passing ?? 0 > 0 && report.reservesPerSecond == report.batches.perSecond * 10)
  }

  @Test func held() async throws {
    let outcome = try await bench(
      "fatigue", "--hold", "100", "--minutes", "0.01", "--connections", "4", "--json")
    #expect(outcome.code == 0, "\(outcome)")
    let report: Held = try outcome.decoded()
    #expect(report.requests == 60 && report.errors == 0)
  }

  /// However it ends, its server and its folder end with it.
  @Test func nothingIsLeftOfIt() async throws {
    let temporary = try TemporaryFolder()
    func left() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: temporary.path) }
    let bench = try Program(
      ["fatigue", "--hold", "50", "--minutes", "5"], of: "attune-bench", environment: ["TMPDIR": temporary.path])
    #expect(try await eventually { try left().contains { temporary.has("\($0)/store") } })
    bench.kill()
    #expect(try await eventually { try left().isEmpty })
  }

  @Test(arguments: [
    (["--keys", "0"], "--keys is from 1"), (["--keys", "20"], "the keys of one user"),
    (["--keys-per-user", "31"], "--keys-per-user is from 1 to the number of businesses"),
    (["--businesses", "0"], "--businesses is from 1"), (["--runs", "0"], "--runs is from 1"),
    (["--seconds=-1"], "--seconds is from 0"), (["--seconds", "nan"], "--seconds is from 0"),
    (["--http", "--hold", "5"], "two different measurements"), (["--hold", "0"], "--hold is from 1"),
    (["--http", "--batch", "1001"], "--batch is from 1"),
    (["--http", "--connections", "0"], "--connections is from 1"),
    (["--hold", "5", "--minutes", "0"], "--minutes is from"), (["--redis", "maybe"], "'maybe'"),
  ]) func whatItRefuses(arguments: [String], why: String) async throws {
    let outcome = try await Program(["fatigue"] + arguments, of: "attune-bench").ended()
    #expect(outcome.code == 64 && outcome.errors.contains(why), "\(outcome)")
  }
}
