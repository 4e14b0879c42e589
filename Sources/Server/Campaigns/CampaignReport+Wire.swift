import API
import AttuneModel
import Learning
import Reach

extension CampaignAnswer {
  init(_ report: CampaignReport, at now: Instant, zone: String) {
    let state = report.state
    var counts = Counts()
    counts.audience = state.audience
    counts.duplicates = state.duplicates
    counts.remaining = state.remaining
    counts.sent = state.sent
    counts.quiet = state.quiet
    counts.held = state.held
    counts.heldOut = state.heldOut
    counts.refused = state.refused
    counts.undelivered = state.undelivered
    counts.deferred = state.deferred
    counts.clicks = report.choice.clicks
    counts.conversions = report.choice.conversions
    counts.optOuts = report.choice.optOuts
    self.init(
      campaign: report.name, status: state.status.name, reason: state.reason, at: now, launched: state.launched,
      ended: state.ended, expectedEnd: report.expectedEnd, counts: counts,
      choice: ChoiceAnswer(of: report.name, report.choice), shareOfBest: report.shareOfBest,
      lifts: report.lifts.map(Lift.init), zone: zone)
  }
}

extension CampaignAnswer.Lift {
  fileprivate init(_ lift: CampaignReport.Lift) {
    self.init(
      of: lift.of == .goal ? .goal : .choice, estimate: lift.interval.estimate, from: lift.interval.low,
      to: lift.interval.high, isSignificant: lift.interval.isSignificant)
  }
}
