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
      /// Clicks a message: of learned choices, above those at random.
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
