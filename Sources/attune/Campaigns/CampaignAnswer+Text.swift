import API
import AttuneModel
import CommandSupport
import Insight
import Runtime

/// A campaign as a person wants to read of it.
extension CampaignAnswer {
  var isOver: Bool { status == "finished" || status == "stopped" }
  var fraction: Double { audience > 0 ? Double(audience - remaining) / Double(audience) : 0 }

  var text: String {
    var lines = [headline, counts, "", choice.text]
    for lift in lifts { lines += ["", Self.words(lift)] }
    if let shareOfBest {
      lines += [
        "",
        "\(shareOfBest.percent(2)) of the clicks that the best allocation could have had, by what is believed now",
      ]
    }
    return lines.joined(separator: "\n")
  }

  private var headline: String {
    let end = isOver ? "" : expectedEnd.map { ", expected to end \(Self.local($0, in: zone))" } ?? ""
    return """
      \(campaign) is \(status)\(reason.map { ": " + $0 } ?? "")\(end)
      \(ProgressBar(fraction, width: 40).text) \(fraction.percent(2)) of \(audience.of("user"))
      """
  }

  private var counts: String {
    """
    \(sent.grouped) sent (\(quiet.grouped) quietly), \(held.grouped) not worth it, \(heldOut.grouped) held out, \
    \(refused.grouped) refused, \(deferred.grouped) put off\
    \(undelivered > 0 ? ", \(undelivered.grouped) never delivered" : ""); \
    \(clicks.of("click")), \(conversions.of("conversion")), \(optOuts.of("opt-out"))
    """
  }

  /// In the zone of the server's configuration, as reports tell times.
  private static func local(_ at: Instant, in name: String) -> String {
    (ZoneTables.zone(named: name) ?? .utc).clock(at)
  }

  private static func words(_ lift: Lift) -> String {
    let of = lift.of == .goal ? "the goal over those held out" : "clicks over copies at random"
    guard let estimate = lift.estimate, let from = lift.from, let to = lift.to else {
      return "lift of \(of): too little is known yet"
    }
    return "lift of \(of): \(signed(estimate)), 95% from \(signed(from)) to \(signed(to))"
      + (lift.isSignificant ? "" : ": not significant")
  }

  private static func signed(_ share: Double) -> String { share.percent(2, signed: true) }
}

extension CampaignsAnswer {
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
