import AttuneModel
import Codec
import Insight
import Learning
import Reach

extension JSONWriter {
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
      ("refused", state.refused), ("undelivered", state.undelivered), ("deferred", state.deferred),
      ("clicks", report.choice.clicks),
      ("conversions", report.choice.conversions), ("optOuts", report.choice.optOuts),
    ]
    for (name, count) in counts { member(name, count) }
    write(report.choice)
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
}
