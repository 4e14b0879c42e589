import Foundation
import Insight

/// What a business's copies bring, as the server tells of it: of a campaign, or of a business with learned choices.
struct ChoiceStatus: Decodable {
  struct Copy: Decodable {
    struct Belief: Decodable {
      var mean: Double
      var from: Double
      var to: Double
    }

    var copy: String
    var title: String
    var withdrawn: Bool
    var sent: Int
    var quiet: Int
    var clicks: Int
    var optOuts: Int
    var randomSent: Int
    var randomClicks: Int
    var clickProbability: Belief
    var price: Double
  }

  struct Quota: Decodable {
    var quota: String
    var limit: Int?
    var minimum: Int?
    var used: Int
    var price: Double
  }

  /// What a filter kept from the users whom a copy would have suited best.
  struct Refusal: Decodable {
    var filter: String
    var copy: String
    var users: Int
    var cost: Double
  }

  struct Segment: Decodable {
    var segment: String
    var users: Int
    var sent: Int
    var refused: Int
    var cost: Double
  }

  var copies: [Copy] = []
  var quotas: [Quota] = []
  var refusals: [Refusal] = []
  var segments: [Segment] = []

  init() {}
  init(json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }

  var text: String {
    var tables = [copyTable]
    if !quotas.isEmpty { tables.append(quotaTable) }
    if !refusals.isEmpty { tables.append(refusalTable) }
    if !segments.isEmpty { tables.append(segmentTable) }
    return tables.joined(separator: "\n\n")
  }

  private var sent: Int { copies.reduce(0) { $0 + $1.sent } }

  private var copyTable: String {
    var table = TextTable(["copy", "sent", "share", "clicks", "rate", "by lot", "believed", "opt-outs", "price"])
    for copy in copies {
      let belief = copy.clickProbability
      table.add([
        copy.copy + (copy.withdrawn ? " (withdrawn)" : ""), "\(copy.sent)", Self.share(copy.sent, sent),
        "\(copy.clicks)", Self.share(copy.clicks, copy.sent), Self.share(copy.randomClicks, copy.randomSent),
        "\(Self.percent(belief.mean)) (\(Self.percent(belief.from)) to \(Self.percent(belief.to)))",
        "\(copy.optOuts)", Self.percent(copy.price),
      ])
    }
    return table.text
  }

  private var quotaTable: String {
    var table = TextTable(["quota", "used", "of", "one more unit would earn"])
    for quota in quotas {
      table.add([
        quota.quota, "\(quota.used)", "\(quota.limit ?? quota.minimum ?? 0)",
        quota.price > 0
          ? String(format: quota.minimum == nil ? "%.4f clicks" : "%.4f clicks, were it lower", quota.price)
          : "nothing: it does not bind",
      ])
    }
    return table.text
  }

  private var refusalTable: String {
    var table = TextTable(["kept back by", "best copy", "users", "clicks it cost"])
    for refusal in refusals {
      table.add([
        refusal.filter, refusal.copy.isEmpty ? "none" : refusal.copy, "\(refusal.users)",
        String(format: "%.1f", refusal.cost),
      ])
    }
    return table.text
  }

  private var segmentTable: String {
    var table = TextTable(["segment", "users", "sent", "kept back", "share", "clicks it cost"])
    for segment in segments {
      table.add([
        segment.segment, "\(segment.users)", "\(segment.sent)", "\(segment.refused)",
        Self.share(segment.refused, segment.users), String(format: "%.1f", segment.cost),
      ])
    }
    return table.text
  }

  static func percent(_ share: Double) -> String { String(format: "%.2f%%", share * 100) }
  static func share(_ part: Int, _ whole: Int) -> String {
    whole > 0 ? percent(Double(part) / Double(whole)) : "-"
  }
}
