import AttuneModel
import Codec
import Ingest
import Learning
import TestSupport
import Testing

@testable import Runtime

/// Policies judged by logs in files.
@Suite struct PolicyEvaluationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ lines: [String], _ name: String = "log.ndjson") throws -> DecisionFile {
    try DecisionFile(path: write(lines, name))
  }

  private func write(_ lines: [String], _ name: String) throws -> String {
    try folder.write(lines.joined(separator: "\n"), to: name)
    return folder.path(name)
  }

  /// Two kinds of user and two copies, each of which suits one kind; or none does, and there is nothing to learn.
  private func log(_ count: Int, rates: [[Double]], seed: UInt64) -> [String] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let kind = generator.fraction() < 0.5 ? 0 : 1
      let arm = generator.fraction() < 0.7 ? 0 : 1
      let click = generator.fraction() < rates[kind][arm] ? 1 : 0
      let context = (0..<4).map { _ in "\((generator.normal() * 100).rounded() / 100)" }.joined(separator: ",")
      return #"{"context":[\#(kind),\#(context)],"arms":2,"arm":\#(arm),"reward":\#(click),"#
        + #""propensity":\#(arm == 0 ? 0.7 : 0.3)}"#
    }
  }

  @Test func theBestIsFoundWhereThereIsOne() throws {
    let log = try file(log(1_500, rates: [[0.4, 0.1], [0.1, 0.4]], seed: 1))
    let best = try PolicyEvaluation(of: log, policy: .best)
    let estimates = try best.estimator.estimates()
    #expect(best.decisions == 1_500 && best.arms == 2)
    #expect(estimates.dr.contains(0.4) && estimates.ips.contains(0.4), "\(estimates)")
    #expect(estimates.gain.low > 0, "\(estimates.gain)")
    let uniform = try PolicyEvaluation(of: log, policy: .uniform).estimator.estimates()
    #expect(uniform.snips.contains(0.25) && !uniform.gain.isSignificant, "\(uniform)")
    let against = try PolicyEvaluation(of: log, policy: .best, against: .uniform).estimator.estimates()
    #expect(against.gain.low > 0 && against.baseline.contains(0.25), "\(against)")
  }

  /// Where nothing can be learned, a policy chosen on the log it is judged by would look better than it is.
  @Test func theBestIsNotFlattered() throws {
    var flattered = 0
    for seed in 1...12 as ClosedRange<UInt64> {
      let log = try file(log(300, rates: [[0.2, 0.2], [0.2, 0.2]], seed: seed))
      let estimates = try PolicyEvaluation(of: log, policy: .best).estimator.estimates()
      if estimates.snips.estimate > 0.2 { flattered += 1 }
      #expect(!(estimates.gain.low > 0), "seed \(seed): \(estimates.gain)")
    }
    #expect(flattered >= 2 && flattered <= 10, "\(flattered) of 12 above the truth")
  }

  /// Named arms, which are not the same in every line; named features.
  @Test func armsHaveNames() throws {
    let lines = (0..<200).map { index in
      let arms = index % 2 == 0 ? #"["a","blue"]"# : #"["blue","c","a"]"#
      let arm = index % 2 == 0 ? 1 : 0
      return #"{"context":{"city":"\#(index % 3)"},"arms":\#(arms),"arm":\#(arm),"reward":1,"propensity":0.5}"#
    }
    let log = try file(lines)
    let always = try PolicyEvaluation(of: log, policy: .arm("blue"))
    #expect(always.arms == 3 && always.estimator.overlap.maxWeight == 2)
    #expect(throws: EvaluationRefusal.self) { try PolicyEvaluation(of: log, policy: .arm("a")).estimator.estimates() }
    #expect(throws: EvaluationInputError("the log has no arm 'bluee'", hint: "did you mean 'arm:blue'?")) {
      try PolicyEvaluation(of: log, policy: .arm("bluee"))
    }
    let error = #expect(throws: DecisionFileError.self) { try PolicyEvaluation(of: log, policy: .arm("c")) }
    #expect(error?.line == 1 && error?.refusal.pointer == "/arms")
  }

  @Test func targetsComeFromTheLinesOrAFile() throws {
    let lines = (0..<10).map {
      #"{"arms":2,"arm":\#($0 % 2),"reward":\#($0 % 2),"propensity":0.5,"target":[0.25,0.75]}"#
    }
    let log = try file(lines)
    let own = try PolicyEvaluation(of: log, policy: .target).estimator.estimates()
    #expect(own.ips.estimate == 0.75)
    let once = try EvaluatedPolicy(write(["[0.25,0.75]"], "once"))
    let each = try EvaluatedPolicy(write([String](repeating: "[0.25, 0.75]", count: 10), "each"))
    for policy in [once, each] {
      #expect(try PolicyEvaluation(of: log, policy: policy).estimator.estimates() == own)
    }
    let few = try EvaluatedPolicy(write([String](repeating: "[0.25, 0.75]", count: 9), "few"))
    #expect(throws: EvaluationInputError.self) { try PolicyEvaluation(of: log, policy: few) }
    let wrong = try EvaluatedPolicy(write(["[0.5,0.75]"], "wrong"))
    let error = #expect(throws: DecisionFileError.self) { try PolicyEvaluation(of: log, policy: wrong) }
    #expect(error?.refusal.message.hasSuffix("the target's probabilities add up to 1.25, not to 1") == true)
  }

  @Test(arguments: [
    (#"{"arms":2,"arm":0,"reward":0,"propensity":0}"#, "/propensity", "the propensity is 0.0, not in"),
    (#"{"arms":2,"arm":0,"reward":0,"propensity":1e-300}"#, "/propensity", "the propensity is 1e-300, not in"),
    (#"{"arms":2,"arm":0,"reward":5,"propensity":1}"#, "/reward", "the reward is 5.0, not in 0 to 1"),
    (
      #"{"arms":2,"arm":0,"reward":0,"propensity":1,"target":[0.5]}"#, "/target", "the target has 1 probabilities for 2"
    ),
    (#"{"context":[1],"arms":2,"arm":0,"reward":0,"propensity":1}"#, "/context", "the context has 1 numbers"),
    (#"{"context":{"x":1e999},"arms":2,"arm":0,"reward":0,"propensity":1}"#, "/context/x", "the number is too large"),
  ]) func badLinesAreTold(_ line: String, _ pointer: String, _ message: String) throws {
    let log = try file([#"{"arms":2,"arm":0,"reward":0,"propensity":1}"#, "", line])
    let error = #expect(throws: DecisionFileError.self) { try PolicyEvaluation(of: log, policy: .uniform) }
    #expect(error?.line == 3 && error?.refusal.pointer == pointer, "\(String(describing: error))")
    #expect(error?.refusal.message.hasPrefix(message) == true, "\(String(describing: error))")
    #expect("\(try #require(error))".contains("log.ndjson:3: \(pointer): "))
  }

  @Test func anEmptyLogAndAMissingTarget() throws {
    let empty = try PolicyEvaluation(of: try file([]), policy: .best)
    #expect(empty.decisions == 0 && empty.estimator.overlap.refusal?.code == .empty)
    let log = try file([#"{"arms":2,"arm":0,"reward":0,"propensity":1}"#])
    let error = #expect(throws: DecisionFileError.self) { try PolicyEvaluation(of: log, policy: .target) }
    #expect(error?.refusal.pointer == "/target")
    #expect(throws: EvaluationInputError.self) { try EvaluatedPolicy("bst") }
    #expect(throws: EvaluationInputError.self) { try EvaluatedPolicy("arm:") }
  }
}
