public import AttuneModel
public import Reach

/// A campaign of the town, looked back on.
public struct TownCampaign: Sendable {
  public var name: String
  /// Nil where it was not launched.
  public var report: CampaignReport?
  /// Why it was not.
  public var refusal: String?
  public var diary: CampaignDiary
  public var judgement: CampaignJudgement?
  /// The time between two waves.
  public var wave: TimeSpan
  /// The zone its times are told in.
  public var zone: Zone
}
