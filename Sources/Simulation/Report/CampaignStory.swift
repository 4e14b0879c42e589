import AttuneModel
import Insight
import Learning
import Reach

/// A campaign told: its copies, the paths of their shares and of the prices, and what it was worth.
struct CampaignStory {
  /// Cells of a path.
  private static let width = 48

  let campaign: TownCampaign

  var text: String {
    guard let report = campaign.report else {
      return "The campaign \(campaign.name) was not launched: \(campaign.refusal ?? "nobody knows why")"
    }
    return [opening(report), copies(report), paths(report), refusals(report), worth(report)].compactMap(\.self).joined(
      separator: "\n\n")
  }

  private func opening(_ report: CampaignReport) -> String {
    let state = report.state
    let begun = state.launched.map { ", launched \(campaign.zone.clock($0))" } ?? ""
    let end = state.ended.map { " \(campaign.zone.clock($0))" } ?? ""
    let why = state.reason.map { ": \($0)" } ?? ""
    return """
      The campaign \(campaign.name)\(begun), \(state.status.name)\(end)\(why)
      Of \(state.audience.grouped) people \(state.sent.grouped) got one of its copies (\(state.quiet.grouped) quietly), \
      \(state.heldOut.grouped) were left out to measure against,
      \(state.refused.grouped) were kept from it by filters, fatigue or a quota, for \(state.held.grouped) no copy was \
      worth it, \((state.remaining + state.deferred).grouped) are not decided about.
      They clicked \(report.choice.clicks.grouped) times, bought \(report.choice.conversions.grouped) times, and \
      \(report.choice.optOuts.grouped) said that it is enough.
      """
  }

  private func copies(_ report: CampaignReport) -> String {
    var table = TextTable(["copy", "sent", "share", "at most", "at least", "clicks", "rate", "believed", "opt-outs"])
    for copy in report.choice.copies {
      let figures = copy.figures
      table.add([
        figures.id, figures.sent.grouped, Self.share(figures.sent, of: report.state.sent),
        copy.maximum?.grouped ?? "", copy.minimum?.grouped ?? "", figures.clicks.grouped,
        Self.share(figures.clicks, of: figures.sent), copy.mean.percent(), figures.optOuts.grouped,
      ])
    }
    return table.text
  }

  /// Drawn from left to right, launch to end.
  private func paths(_ report: CampaignReport) -> String? {
    let (length, columns) = campaign.diary.columns(of: campaign.wave, atMost: Self.width)
    guard let last = columns.last else { return nil }
    let shares = CampaignDiary.shares(columns)
    let top = shares.flatMap { $0.compactMap(\.self) }.max() ?? 1
    var lines = ["share of each copy, \(length) a cell, from launch to end; the highest is \(top.percent())"]
    let names =
      (report.choice.copies.map(\.figures.id) + report.choice.quotas.map(\.name)).map(\.terminalWidth).max() ?? 0
    func line(_ name: String, _ path: String, _ note: String) -> String {
      name.padded(to: names) + "  " + path.padded(to: columns.count) + "  " + note
    }
    for (copy, path) in zip(report.choice.copies, shares) {
      lines.append(
        line(
          copy.figures.id, Sparkline.text(path, largest: top),
          "\(Self.share(copy.figures.sent, of: report.state.sent)) in all"))
    }
    guard !report.choice.quotas.isEmpty else { return lines.joined(separator: "\n") }
    let dearest = columns.flatMap(\.prices).max() ?? 0
    lines += ["", "what one more of each quota would earn; the highest is \(Self.clicks(dearest))"]
    for (place, quota) in report.choice.quotas.enumerated() {
      let path = columns.map { $0.prices.indices.contains(place) ? $0.prices[place] : 0 }
      let price = last.prices.indices.contains(place) ? last.prices[place] : 0
      lines.append(
        line(
          quota.name, Sparkline.text(path, largest: dearest),
          "\(Self.clicks(price)); used \(quota.used.grouped) of \(quota.limit.grouped)"))
    }
    return lines.joined(separator: "\n")
  }

  /// What filters kept from the people whom a copy would have suited best.
  private func refusals(_ report: CampaignReport) -> String? {
    let dearest = report.choice.refusals.prefix(5)
    if dearest.isEmpty { return nil }
    var table = TextTable(["kept back by", "the copy for them", "people", "clicks that cost"])
    for refusal in dearest {
      table.add([
        refusal.filter, refusal.copy.isEmpty ? "none" : refusal.copy, refusal.users.grouped, refusal.cost.decimal(1),
      ])
    }
    return table.text
  }

  private func worth(_ report: CampaignReport) -> String? {
    guard let judgement = campaign.judgement else { return nil }
    var table = TextTable([
      "\(judgement.people.grouped) people it had the choice for", "clicks to expect", "of the best possible", "lift",
      "better in",
    ])
    let draws = CampaignJudgement.draws
    func row(_ name: String, _ clicks: Double, _ lift: String = "", _ better: String = "") {
      table.add([name, clicks.decimal(1), judgement.share(clicks)?.percent() ?? "", lift, better])
    }
    row("the campaign", judgement.campaign)
    row(
      "test, then winner", judgement.testThenWinner, judgement.liftOverWinner.percent(signed: true),
      "\(judgement.betterThanWinner) of \(draws)")
    row(
      "a copy at random", judgement.uniform, judgement.liftOverUniform.percent(signed: true),
      "\(judgement.betterThanUniform) of \(draws)")
    if let bound = judgement.bound { row("the best possible", bound) }
    return """
      \(table.text)
      All by the town's true chances, which the engine never sees: the same people in the same order, the same quotas.
      "Test, then winner" gives the first tenth a copy at random, hears of their clicks at once, and goes on with the copy of
      the highest rate that the reader can get and that is left. It and the copy at random are means of \(draws) draws. The best
      possible is a bound on whatever knows all chances beforehand; the campaign also saves people an opt-out, which \
      counts for nothing here.
      \(report.lifts.map(Self.words).joined(separator: "\n"))
      """
  }

  private static func words(_ lift: CampaignReport.Lift) -> String {
    let what =
      lift.of == .goal
      ? "People who reached its goal, beside those left out" : "Clicks of chosen copies, beside those at random"
    guard lift.interval.low.isFinite, lift.interval.high.isFinite else { return "\(what): nothing can be told yet." }
    let interval = lift.interval
    let (estimate, low, high) = (interval.estimate, interval.low, interval.high)
    let range =
      "\(estimate.percent(signed: true)), between \(low.percent(signed: true)) and \(high.percent(signed: true))"
    return "\(what), as it could measure itself: \(range)\(lift.interval.isSignificant ? "." : ", so not significant.")"
  }
}

extension CampaignStory {
  private static func share(_ part: Int, of whole: Int) -> String {
    whole > 0 ? (Double(part) / Double(whole)).percent() : ""
  }

  private static func clicks(_ price: Double) -> String { "\(Value.number((price * 1000).rounded() / 1000)) clicks" }
}
