import Foundation
import Insight

/// A campaign as the server tells of it.
struct CampaignStatus: Decodable {
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

  struct Lift: Decodable {
    var of: String
    var estimate: Double
    /// Nil while too little is known.
    var from: Double?
    var to: Double?
    var isSignificant: Bool
  }

  var campaign: String
  var status: String
  var reason: String?
  /// Milliseconds since 1970.
  var expectedEnd: Int64?
  var audience: Int
  var remaining: Int
  var sent: Int
  var quiet: Int
  var held: Int
  var heldOut: Int
  var refused: Int
  var deferred: Int
  var clicks: Int
  var conversions: Int
  var optOuts: Int
  var copies: [Copy]
  var quotas: [Quota]
  var lifts: [Lift]?
  /// Of what could have been had at best, by what is believed now.
  var shareOfBest: Double?

  init(json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }

  var isOver: Bool { status == "finished" || status == "stopped" }
  var fraction: Double { audience > 0 ? Double(audience - remaining) / Double(audience) : 0 }

  var text: String {
    var lines = [headline, counts, "", copyTable]
    if !quotas.isEmpty { lines += ["", quotaTable] }
    for lift in lifts ?? [] { lines += ["", Self.words(lift)] }
    if let shareOfBest {
      lines += [
        "",
        "\(Self.percent(shareOfBest)) of the clicks that the best allocation could have had, by what is believed now",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let width = 40
    let full = max(0, min(width, Int(fraction * Double(width))))
    let bar = String(repeating: "█", count: full) + String(repeating: "·", count: width - full)
    let end = isOver ? "" : expectedEnd.map { ", expected to end \(Self.local($0))" } ?? ""
    return
      "\(campaign) is \(status)\(reason.map { ": " + $0 } ?? "")\(end)\n\(bar) \(Self.percent(fraction)) of \(audience) users"
  }

  private var counts: String {
    "\(sent) sent (\(quiet) quietly), \(held) not worth it, \(heldOut) held out, \(refused) refused, \(deferred) put off; "
      + "\(clicks) clicks, \(conversions) conversions, \(optOuts) opt-outs"
  }

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

  private static func local(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601.dateSeparator(.dash))
  }

  private static func words(_ lift: Lift) -> String {
    let of = lift.of == "goal" ? "the goal over those held out" : "clicks over copies by lot"
    guard let from = lift.from, let to = lift.to else { return "lift of \(of): too little is known yet" }
    return "lift of \(of): \(signed(lift.estimate)), surely \(signed(from)) to \(signed(to))"
      + (lift.isSignificant ? "" : ": not significant")
  }

  private static func signed(_ share: Double) -> String { String(format: "%+.2f%%", share * 100) }
  private static func percent(_ share: Double) -> String { String(format: "%.2f%%", share * 100) }
  private static func share(_ part: Int, _ whole: Int) -> String {
    whole > 0 ? percent(Double(part) / Double(whole)) : "-"
  }
}

/// All campaigns as the server lists them.
struct CampaignList: Decodable {
  struct Entry: Decodable {
    var campaign: String
    var status: String
    var audience: Int
    var remaining: Int
    var sent: Int
  }

  var campaigns: [Entry]

  init(json: String) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.utf8)) }

  var text: String {
    if campaigns.isEmpty { return "no campaigns (hint: write campaigns/NAME.yaml, or 'attune campaign launch FILE')" }
    var table = TextTable(["campaign", "status", "audience", "remaining", "sent"])
    for entry in campaigns {
      table.add([entry.campaign, entry.status, "\(entry.audience)", "\(entry.remaining)", "\(entry.sent)"])
    }
    return table.text
  }
}
