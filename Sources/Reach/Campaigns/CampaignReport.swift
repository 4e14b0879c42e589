public import AttuneModel
public import Learning
import Rules

/// What there is to see of a campaign while it runs and afterwards.
public struct CampaignReport: Sendable {
  public var name: String
  public var state: CampaignState
  /// What its copies bring, its quotas are worth, and filters keep from it.
  public var choice: ChoiceReport
  /// What it brought, with intervals that hold however often one looks.
  public var lifts: [Lift]
  /// The share of the most clicks that anybody could have had, by what is believed now; of campaigns with quotas, once
  /// they are over.
  public var shareOfBest: Double? { hindsight?.shareOfBest }
  var hindsight: Hindsight?
  /// When everybody will have been decided about, at the pace so far.
  public var expectedEnd: Instant?

  public struct Lift: Sendable {
    public enum Of: String, Sendable {
      /// The goal: of everybody who could get a message, above those left out.
      case goal
      /// Clicks a message: of learned choices, above those by lot.
      case choice
    }

    public var of: Of
    public var interval: Interval
  }
}

/// What could have been had: asked of a report, not of the engine, which has better to do than to look for it.
struct Hindsight: Sendable {
  let sample: ArrivalReservoir
  let learner: Learner
  let quotas: Quotas

  var shareOfBest: Double? { sample.shareOfBest(learner, quotas) }
}

extension Engine {
  /// Nil for a campaign that nobody launched, or handed users in for.
  public func report(ofCampaign name: String) -> CampaignReport? {
    guard let state = campaigns[name] else { return nil }
    return CampaignReport(
      name: name, state: state, choice: choiceReport(of: name) ?? ChoiceReport(),
      lifts: lifts(of: name, state), hindsight: hindsight(name, state), expectedEnd: expectedEnd(of: name))
  }

  private func hindsight(_ name: String, _ state: CampaignState) -> Hindsight? {
    guard state.status.isOver, let pilot = pilots[name], let quotas = pilot.allocator?.quotas else { return nil }
    return Hindsight(sample: pilot.sample, learner: pilot.learner, quotas: quotas)
  }

  private func lifts(of name: String, _ state: CampaignState) -> [CampaignReport.Lift] {
    guard let pilot = pilots[name] else { return [] }
    let sequence = ConfidenceSequence(expected: state.audience)
    let seen = state.seen(pilot)
    let (clicks, sent) = pilot.copies.reduce((0, 0)) { ($0.0 + $1.randomClicks, $0.1 + $1.randomSent) }
    let all = pilot.copies.reduce(0) { $0 + $1.clicks }
    let drawn = Moments(successes: clicks, trials: sent)
    let chosen = Moments(successes: all - clicks, trials: state.sent - sent)
    var lifts = [CampaignReport.Lift(of: .choice, interval: sequence.lift(of: chosen, over: drawn))]
    if configuration.campaigns[name]?.goal != nil {
      lifts.append(CampaignReport.Lift(of: .goal, interval: sequence.lift(of: seen.treated, over: seen.held)))
    }
    return lifts
  }

  private func expectedEnd(of name: String) -> Instant? {
    guard let state = campaigns[name], state.status == .running, let campaign = configuration.campaigns[name] else {
      return nil
    }
    let size = max(1, (Double(state.audience) * campaign.waves.share).rounded(.up))
    let waves = (Double(max(0, state.remaining - state.left)) / size).rounded(.up)
    let next = state.lastWave ?? max(time.clock, campaign.window?.lowerBound ?? .distantPast)
    let end = next + TimeSpan(milliseconds: Int64(waves * Double(campaign.waves.every.milliseconds)))
    return campaign.window.map { min(end, $0.upperBound) } ?? end
  }
}
