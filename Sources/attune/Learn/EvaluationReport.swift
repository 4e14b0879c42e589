import AttuneModel
import Codec
import Foundation
import Insight
import Learning
import Runtime

/// What `learn evaluate` prints.
struct EvaluationReport {
  var log: String
  var policy: String
  /// Nil for the log itself.
  var against: String?
  var evaluation: PolicyEvaluation

  private var overlap: Overlap { evaluation.estimator.overlap }
  private var outcome: Result<OffPolicyEstimates, EvaluationRefusal> {
    Result { () throws(EvaluationRefusal) in try evaluation.estimator.estimates() }
  }

  var text: String {
    var parts = [
      "\(log): \(evaluation.decisions.of("decision")), \(evaluation.arms.of("arm")); policy: \(policy)"
    ]
    switch outcome {
    case .success(let estimates): parts += [table(of: estimates), weights, verdict(on: estimates.gain)]
    case .failure(let refusal): parts += ["REFUSED: \(refusal).", weights]
    }
    if let warning { parts.append("WARNING: \(warning).") }
    return parts.joined(separator: "\n\n")
  }

  private func table(of estimates: OffPolicyEstimates) -> String {
    var table = TextTable(["mean reward a decision", "estimate", "95% from", "to"])
    let rows = [
      ("IPS", estimates.ips), ("SNIPS", estimates.snips), ("DR", estimates.dr),
      (against ?? "the log itself", estimates.baseline),
    ]
    for (name, interval) in rows {
      table.add([name] + [interval.estimate, interval.low, interval.high].map { $0.decimal(6) })
    }
    return table.text
  }

  private var weights: String {
    let (size, count) = (overlap.effectiveSampleSize, max(evaluation.decisions, 1))
    return """
      Effective sample size \(Int(size.rounded()).grouped), \
      \((size / Double(count)).percent()) of the decisions; largest weight \
      \(String(format: "%.3g", overlap.maxWeight)), mean weight \(overlap.weights.mean.decimal(4)).
      """
  }

  private func verdict(on gain: Interval) -> String {
    let words =
      !gain.isSignificant
      ? "not significant: the log does not tell which is better"
      : gain.low > 0 ? "significantly better" : "significantly worse"
    return "Over \(against ?? "the log itself"), by DR: \(gain.words(6)): \(words)."
  }

  private var warning: String? {
    overlap.suspiciousMeanWeight.map { mean in
      "the weights average \(mean.decimal(4)) instead of 1"
        + ": either the propensities are not those the log was made with, or the policy wants arms that the log never "
        + "played, and what they earn is missing here"
    }
  }

  /// `{"log", "policy", "against", "n", "arms", "ess", "maxWeight", "meanWeight", "confidence", "refusal", "warning",
  /// "ips", "snips", "dr", "baseline", "gain", "significant"}`; of a refusal, `{"code", "message"}`, no estimates.
  var json: JSONWriter {
    let (estimates, refusal) = ((try? outcome.get()), overlap.refusal)
    var text = JSONWriter()
    text.object { json in
      json.member("log", log)
      json.member("policy", policy)
      json.member("against", against)
      json.member("n", evaluation.decisions)
      json.member("arms", evaluation.arms)
      json.member("ess", .number(overlap.effectiveSampleSize))
      json.member("maxWeight", .number(overlap.maxWeight))
      json.member("meanWeight", .number(overlap.weights.mean))
      json.member("confidence", .number(0.95))
      json.member("refusal") { json in
        guard let refusal else { return json.write(.number(.nan)) }
        json.object { json in
          json.member("code", refusal.code.rawValue)
          json.member("message", refusal.description)
        }
      }
      json.member("warning", warning)
      json.member("ips", estimates?.ips)
      json.member("snips", estimates?.snips)
      json.member("dr", estimates?.dr)
      json.member("baseline", estimates?.baseline)
      json.member("gain", estimates?.gain)
      json.member("significant", estimates?.gain.isSignificant ?? false)
    }
    return text
  }
}
