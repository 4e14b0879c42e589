import ArgumentParser
import AttuneModel
import CommandSupport
import Foundation
import Insight
import Learning
import Runtime

struct LearnEvaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "What a policy would have earned, estimated from a log that another policy made.",
    discussion: """
      A line of the log is one decision; rewards are in 0 to 1, places count from 0:
        {"context": {NAME: VALUE...} | [x...], "arms": [NAME...] | n, "arm": PLACE, "reward": 0 | 1, \
      "propensity": p, "target"?: [p...]}
      A policy is one of:
        target    the probabilities in the lines' 'target'
        uniform   every arm alike
        arm:K     always the arm of this name, or of this place where arms have no names
        best      where a model expects most that did not see the decision (five folds)
        FILE      probabilities as [p...]: one line for all decisions, or a line for each
      Three estimates with 95% intervals: IPS, SNIPS, and DR with the same models. When the effective sample size is \
      below 1% of the decisions, there is no estimate, and the exit code is 1. The first line that cannot be evaluated \
      ends it with exit code 65. See docs/measurement.md.
      """)

  @Option(help: "The log: NDJSON, plain or .gz; - for standard input.") var log: String
  @Option(help: "target, uniform, best, arm:K or a file.") var policy: String
  @Option(help: "A policy to compare with (default: what the log itself earned).") var against: String?
  @Option(help: "Which decisions lie in which fold.") var seed: UInt64 = 1
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let policy = try EvaluatedPolicy(policy)
    let other = try against.map { try EvaluatedPolicy($0) }
    let file = try DecisionFile(path: log)
    let evaluation = try PolicyEvaluation(of: file, policy: policy, against: other, seed: seed)
    let report = EvaluationReport(
      log: file.name, policy: policy.description, against: other?.description, evaluation: evaluation)
    if json { Terminal.out(report.json) } else { Terminal.out(report.text) }
    if evaluation.estimator.overlap.refusal != nil { throw ExitCode(1) }
  }
}
