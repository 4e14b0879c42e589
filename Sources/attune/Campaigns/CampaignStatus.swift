import CommandSupport
import Foundation
import Insight

/// A campaign as the server tells of it.
struct CampaignStatus: Decodable {
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
  var undelivered: Int
  var deferred: Int
  var clicks: Int
  var conversions: Int
  var optOuts: Int
  var lifts: [Lift]?
  /// Of what could have been had at best, by what is believed now.
  var shareOfBest: Double?

  /// What stands beside its progress in the same answer.
  private(set) var choice = ChoiceStatus()

  private enum CodingKeys: CodingKey {
    case campaign, status, reason, expectedEnd, audience, remaining, sent, quiet, held, heldOut, refused, undelivered
    case deferred, clicks, conversions, optOuts, lifts, shareOfBest
  }

  init(json: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    choice = try ChoiceStatus(json: json)
  }

  var isOver: Bool { status == "finished" || status == "stopped" }
  var fraction: Double { audience > 0 ? Double(audience - remaining) / Double(audience) : 0 }

  var text: String {
    var lines = [headline, counts, "", choice.text]
    for lift in lifts ?? [] { lines += ["", Self.words(lift)] }
    if let shareOfBest {
      lines += [
        "",
        "\(shareOfBest.percent(2)) of the clicks that the best allocation could have had, by what is believed now",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let end = isOver ? "" : expectedEnd.map { ", expected to end \(Self.local($0))" } ?? ""
    return """
      \(campaign) is \(status)\(reason.map { ": " + $0 } ?? "")\(end)
      \(ProgressBar(fraction, width: 40).text) \(fraction.percent(2)) of \(audience.grouped) users
      """
  }

  private var counts: String {
    """
    \(sent.grouped) sent (\(quiet.grouped) quietly), \(held.grouped) not worth it, \(heldOut.grouped) held out, \
    \(refused.grouped) refused, \(deferred.grouped) put off\
    \(undelivered > 0 ? ", \(undelivered.grouped) never delivered" : ""); \
    \(clicks.grouped) clicks, \(conversions.grouped) conversions, \(optOuts.grouped) opt-outs
    """
  }

  private static func local(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601.dateSeparator(.dash))
  }

  private static func words(_ lift: Lift) -> String {
    let of = lift.of == "goal" ? "the goal over those held out" : "clicks over copies at random"
    guard let from = lift.from, let to = lift.to else { return "lift of \(of): too little is known yet" }
    return "lift of \(of): \(signed(lift.estimate)), 95% from \(signed(from)) to \(signed(to))"
      + (lift.isSignificant ? "" : ": not significant")
  }

  private static func signed(_ share: Double) -> String { share.percent(2, signed: true) }
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
      table.add([
        entry.campaign, entry.status, entry.audience.grouped, entry.remaining.grouped, entry.sent.grouped,
      ])
    }
    return table.text
  }
}
