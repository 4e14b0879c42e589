import API
import Foundation
import Insight

/// What copies bring, as a person wants to read of it.
extension ChoiceAnswer {
  var text: String {
    var tables = [copyTable]
    if !quotas.isEmpty { tables.append(quotaTable) }
    if !refusals.isEmpty { tables.append(refusalTable) }
    if !segments.isEmpty { tables.append(segmentTable) }
    return tables.joined(separator: "\n\n")
  }

  private var sent: Int { copies.reduce(0) { $0 + $1.sent } }

  private var copyTable: String {
    var table = TextTable(["copy", "sent", "share", "clicks", "rate", "at random", "believed", "opt-outs", "price"])
    for copy in copies {
      let belief = copy.clickProbability
      table.add([
        copy.copy + (copy.withdrawn ? " (withdrawn)" : ""), copy.sent.grouped, Self.share(copy.sent, sent),
        copy.clicks.grouped, Self.share(copy.clicks, copy.sent), Self.share(copy.randomClicks, copy.randomSent),
        Self.words(belief),
        copy.optOuts.grouped, copy.price.percent(2),
      ])
    }
    return table.text
  }

  private var quotaTable: String {
    var table = TextTable(["quota", "used", "of", "one more unit would earn"])
    for quota in quotas {
      table.add([
        quota.quota, quota.used.grouped, (quota.limit ?? quota.minimum ?? 0).grouped,
        quota.price > 0
          ? "\(quota.price.decimal(4)) clicks\(quota.minimum == nil ? "" : ", were it lower")"
          : "nothing: it does not bind",
      ])
    }
    return table.text
  }

  private var refusalTable: String {
    var table = TextTable(["kept back by", "best copy", "users", "clicks it cost"])
    for refusal in refusals {
      table.add([
        refusal.filter, refusal.copy.isEmpty ? "none" : refusal.copy, refusal.users.grouped,
        refusal.cost.decimal(1),
      ])
    }
    return table.text
  }

  private var segmentTable: String {
    var table = TextTable(["segment", "users", "sent", "kept back", "share", "clicks it cost"])
    for segment in segments {
      table.add([
        segment.segment, segment.users.grouped, segment.sent.grouped, segment.refused.grouped,
        Self.share(segment.refused, segment.users), segment.cost.decimal(1),
      ])
    }
    return table.text
  }

  private static func share(_ part: Int, _ whole: Int) -> String {
    whole > 0 ? (Double(part) / Double(whole)).percent(2) : "-"
  }

  private static func words(_ belief: ChoiceAnswer.Copy.Belief) -> String {
    guard let mean = belief.mean, let from = belief.from, let to = belief.to else { return "too early" }
    return "\(mean.percent(2)) (\(from.percent(2)) to \(to.percent(2)))"
  }
}
