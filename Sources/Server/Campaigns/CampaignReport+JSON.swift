import Insight
import Learning
import Model
import Reach

extension JSONText {
  mutating func write(_ report: CampaignReport, at now: Instant) {
    let state = report.state
    member("campaign", report.name)
    member("status", state.status.name)
    member("reason", state.reason)
    member("at", now)
    member("launched", state.launched)
    member("ended", state.ended)
    member("expectedEnd", report.expectedEnd)
    let counts: [(String, Int)] = [
      ("audience", state.audience), ("duplicates", state.duplicates), ("remaining", state.remaining),
      ("sent", state.sent), ("quiet", state.quiet), ("held", state.held), ("heldOut", state.heldOut),
      ("refused", state.refused), ("deferred", state.deferred), ("clicks", report.clicks),
      ("conversions", report.conversions), ("optOuts", report.optOuts),
    ]
    for (name, count) in counts { member(name, count) }
    member("copies") { json in json.array(report.copies) { json, copy in json.object { $0.write(copy) } } }
    member("quotas") { json in json.array(report.quotas) { json, quota in json.object { $0.write(quota) } } }
    if let share = report.shareOfBest { member("shareOfBest", .number(share)) }
    member("lifts") { json in json.array(report.lifts) { json, lift in json.object { $0.write(lift) } } }
  }

  private mutating func write(_ lift: CampaignReport.Lift) {
    member("of", lift.of.rawValue)
    member("estimate", .number(lift.interval.estimate))
    member("from", .number(lift.interval.low))
    member("to", .number(lift.interval.high))
    member("isSignificant", lift.interval.isSignificant)
  }

  private mutating func write(_ copy: CampaignReport.Copy) {
    let figures = copy.figures
    member("copy", figures.id)
    member("title", copy.title)
    member("withdrawn", figures.isWithdrawn)
    let counts: [(String, Int)] = [
      ("sent", figures.sent), ("quiet", figures.quiet), ("clicks", figures.clicks),
      ("conversions", figures.conversions), ("optOuts", figures.optOuts), ("randomSent", figures.randomSent),
      ("randomClicks", figures.randomClicks),
    ]
    for (name, count) in counts { member(name, count) }
    member("clickProbability") { json in
      json.object { json in
        json.member("mean", .number(copy.mean))
        json.member("from", .number(copy.belief.lowerBound))
        json.member("to", .number(copy.belief.upperBound))
      }
    }
    member("price", .number(copy.price))
  }

  private mutating func write(_ quota: CampaignReport.Quota) {
    member("quota", quota.name)
    member(quota.isMinimum ? "minimum" : "limit", quota.limit)
    member("used", quota.used)
    member("price", .number(quota.price))
  }
}
