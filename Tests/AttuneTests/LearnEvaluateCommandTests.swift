import Codec
import Foundation
import TestSupport
import Testing

/// `attune learn evaluate`: estimates off a log, and when there are none.
@Suite(.serialized) struct LearnEvaluateCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private struct Report: Decodable {
    struct Interval: Decodable {
      var estimate: Double
      var low: Double
      var high: Double
    }
    struct Refusal: Decodable {
      var code: String
      var message: String
    }
    var n: Int
    var arms: Int
    var ess: Double
    var refusal: Refusal?
    var warning: String?
    var ips: Interval?
    var snips: Interval?
    var dr: Interval?
    var gain: Interval?
    var significant: Bool
  }

  /// Two arms by a fair coin; the second is rewarded.
  private static let log = (0..<200).map {
    #"{"context":[0.5],"arms":["a","b"],"arm":\#($0 % 2),"reward":\#($0 % 2),"propensity":0.5,"target":[0.2,0.8]}"#
  }.joined(separator: "\n")

  private func evaluate(_ file: String, _ more: String...) async throws -> Program.Outcome {
    try await Program(["learn", "evaluate", "--log", folder.path(file)] + more).ended()
  }

  @Test func estimatesWithIntervals() async throws {
    try folder.write(Self.log, to: "log.ndjson")
    MarketLog.gzip(Self.log, to: folder.path("log.ndjson.gz"))
    let outcome = try await evaluate("log.ndjson", "--policy", "target", "--json")
    let report = try outcome.decoded(as: Report.self)
    #expect(outcome.code == 0 && report.n == 200 && report.arms == 2 && report.refusal == nil && report.warning == nil)
    #expect(report.ips?.estimate == 0.8 && report.snips.map { abs($0.estimate - 0.8) < 1e-12 } == true)
    #expect(report.gain.map { $0.low > 0 } == true && report.significant)
    let text = try await evaluate("log.ndjson.gz", "--policy", "arm:a", "--against", "best")
    #expect(text.code == 0 && text.output.contains("SNIPS"), "\(text)")
    #expect(text.output.contains("Over best, by DR: -") && text.output.contains("significantly worse"), "\(text)")
  }

  @Test func aRefusalIsNoEstimate() async throws {
    try folder.write(Self.log, to: "log.ndjson")
    try folder.write(#"{"arms":2,"arm":0,"reward":1,"propensity":0.5,"target":[0,1]}"#, to: "one.ndjson")
    let outcome = try await evaluate("one.ndjson", "--policy", "target", "--json")
    let report = try outcome.decoded(as: Report.self)
    #expect(outcome.code == 1 && report.refusal?.code == "none" && report.ips == nil && report.gain == nil)
    let text = try await evaluate("one.ndjson", "--policy", "target")
    #expect(text.code == 1 && text.output.contains("REFUSED: the policy would never have done what was logged"))
  }

  @Test func whatIsWrongIsToldWithItsPlace() async throws {
    try folder.write(Self.log + "\n" + #"{"arms":2,"arm":0,"reward":0,"propensity":0}"#, to: "bad.ndjson")
    let bad = try await evaluate("bad.ndjson", "--policy", "uniform")
    #expect(bad.code == 65 && bad.output.isEmpty)
    #expect(bad.errors.contains("bad.ndjson:201: /propensity: the propensity is 0.0"), "\(bad)")
    let policy = try await evaluate("bad.ndjson", "--policy", "unifrom")
    #expect(policy.code == 65 && policy.errors.contains("did you mean 'uniform'?"), "\(policy)")
    #expect(try await evaluate("nowhere.ndjson", "--policy", "best").errors.contains("nowhere.ndjson: no such file"))
    let report = try await Program.run("learn", "report", "--data", folder.path("nothing"))
    #expect(report.code == 65 && report.errors.contains("there is no data"), "\(report)")
  }
}
