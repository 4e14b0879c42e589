public import AttuneModel

/// How far a campaign is, what its copies bring, what its quotas are worth.
public struct CampaignAnswer: WireType, Hashable {
  public struct Lift: Codable, Hashable, Sendable {
    public enum Of: String, TextChoice { case goal, choice }

    public var of: Of
    @OrNull public var estimate: Double?
    @OrNull public var from: Double?
    @OrNull public var to: Double?
    public var isSignificant: Bool

    /// - Parameters: shares; those that are not finite are null, as too little is known.
    public init(of: Of, estimate: Double, from: Double, to: Double, isSignificant: Bool) {
      self.of = of
      self.estimate = estimate.isFinite ? estimate : nil
      self.from = from.isFinite ? from : nil
      self.to = to.isFinite ? to : nil
      self.isSignificant = isSignificant
    }
  }

  /// How many users ended how.
  public struct Counts: Hashable, Sendable {
    public var audience = 0
    public var duplicates = 0
    public var remaining = 0
    public var sent = 0
    public var quiet = 0
    public var held = 0
    public var heldOut = 0
    public var refused = 0
    public var undelivered = 0
    public var deferred = 0
    public var clicks = 0
    public var conversions = 0
    public var optOuts = 0

    public init() {}
  }

  public var campaign: String
  public var status: String
  @OrNull public var reason: String?
  public var at: Instant
  @OrNull public var launched: Instant?
  @OrNull public var ended: Instant?
  @OrNull public var expectedEnd: Instant?
  public var audience: Int
  public var duplicates: Int
  public var remaining: Int
  public var sent: Int
  public var quiet: Int
  public var held: Int
  public var heldOut: Int
  public var refused: Int
  public var undelivered: Int
  public var deferred: Int
  public var clicks: Int
  public var conversions: Int
  public var optOuts: Int
  public var copies: [ChoiceAnswer.Copy]
  public var quotas: [ChoiceAnswer.Quota]
  public var refusals: [ChoiceAnswer.Refusal]
  public var segments: [ChoiceAnswer.Segment]
  public var shareOfBest: Double?
  public var lifts: [Lift]
  public var zone: String

  /// - Parameter choice: what its copies bring.
  public init(
    campaign: String, status: String, reason: String?, at: Instant, launched: Instant?, ended: Instant?,
    expectedEnd: Instant?, counts: Counts, choice: ChoiceAnswer, shareOfBest: Double?, lifts: [Lift], zone: String
  ) {
    self.campaign = campaign
    self.status = status
    self.at = at
    audience = counts.audience
    duplicates = counts.duplicates
    remaining = counts.remaining
    sent = counts.sent
    quiet = counts.quiet
    held = counts.held
    heldOut = counts.heldOut
    refused = counts.refused
    undelivered = counts.undelivered
    deferred = counts.deferred
    clicks = counts.clicks
    conversions = counts.conversions
    optOuts = counts.optOuts
    copies = choice.copies
    quotas = choice.quotas
    refusals = choice.refusals
    segments = choice.segments
    self.shareOfBest = shareOfBest.flatMap { $0.isFinite ? $0 : nil }
    self.lifts = lifts
    self.zone = zone
    self.reason = reason
    self.launched = launched
    self.ended = ended
    self.expectedEnd = expectedEnd
  }

  /// What its copies bring.
  public var choice: ChoiceAnswer {
    ChoiceAnswer(business: campaign, copies: copies, quotas: quotas, refusals: refusals, segments: segments)
  }

  public static let about = "How far a campaign is, what its copies bring, what its quotas are worth."
  public static let notes = [
    "at": "Milliseconds since 1970-01-01T00:00:00Z, as are the other instants.",
    "duplicates": "Users that were named more than once.",
    "remaining": "Users who were not decided about yet.",
    "shareOfBest":
      "The share of the most clicks that anybody could have had, by what is believed now; of campaigns with quotas, once they are over.",
    "lifts": "What it brought, with intervals that hold however often one looks; null where too little is known.",
    "zone": "In which the days of its configuration begin, for whoever shows times.",
  ]
  public static let sample = CampaignAnswer(
    campaign: "double-eleven", status: "running", reason: nil, at: Instant(milliseconds: 1_795_315_976_996),
    launched: Instant(milliseconds: 1_795_315_000_000), ended: nil, expectedEnd: nil, counts: sampleCounts,
    choice: .sample, shareOfBest: nil,
    lifts: [Lift(of: .choice, estimate: 0.004, from: -0.001, to: 0.009, isSignificant: false)], zone: "Asia/Shanghai")

  private static var sampleCounts: Counts {
    var counts = Counts()
    (counts.audience, counts.remaining, counts.sent, counts.clicks) = (1000, 880, 120, 6)
    return counts
  }
}

/// All campaigns: those of the configuration, and those that were launched.
public struct CampaignsAnswer: WireType, Hashable {
  public struct Entry: Codable, Hashable, Sendable {
    public var campaign: String
    /// `written` for one that stands in the configuration alone.
    public var status: String
    public var audience: Int
    public var remaining: Int
    public var sent: Int

    public init(campaign: String, status: String, audience: Int, remaining: Int, sent: Int) {
      self.campaign = campaign
      self.status = status
      self.audience = audience
      self.remaining = remaining
      self.sent = sent
    }
  }

  public var campaigns: [Entry]

  public init(campaigns: [Entry]) { self.campaigns = campaigns }

  public static let about = "All campaigns: those of the configuration, and those that were launched."
  public static let sample = CampaignsAnswer(
    campaigns: [Entry(campaign: "double-eleven", status: "running", audience: 1000, remaining: 880, sent: 120)])
}

/// What became of a launch.
public struct CampaignLaunchAnswer: WireType, Hashable {
  public var campaign: String
  public var launched: Bool
  public var isNew: Bool
  @OrNull public var status: String?
  public var audience: Int
  public var holdout: Double
  public var isOfProfiles: Bool
  public var warnings: [DiagnosticAnswer]

  public init(
    campaign: String, launched: Bool, isNew: Bool, status: String?, audience: Int, holdout: Double,
    isOfProfiles: Bool, warnings: [DiagnosticAnswer]
  ) {
    self.campaign = campaign
    self.launched = launched
    self.isNew = isNew
    self.audience = audience
    self.holdout = holdout
    self.isOfProfiles = isOfProfiles
    self.warnings = warnings
    self.status = status
  }

  public static let about = "What became of a launch."
  public static let notes = [
    "launched": "False where it was only checked.", "isNew": "False where the same campaign was launched before.",
    "status": "Null where it was only checked.",
    "audience": "Its users, those who are held out among them.", "holdout": "The share of them that gets nothing.",
    "isOfProfiles": "Whether they are users with a profile: who is known by events alone is not among them.",
  ]
  public static let sample = CampaignLaunchAnswer(
    campaign: "double-eleven", launched: true, isNew: true, status: "running", audience: 1000, holdout: 0.05,
    isOfProfiles: true, warnings: [])
}

/// How a campaign is after an order.
public struct CampaignOrderAnswer: WireType, Hashable {
  public var campaign: String
  public var status: String

  public init(campaign: String, status: String) {
    self.campaign = campaign
    self.status = status
  }

  public static let about = "How the campaign is now."
  public static let sample = CampaignOrderAnswer(campaign: "double-eleven", status: "paused")
}

/// How many users were handed in.
public struct AudienceAnswer: WireType, Hashable {
  public var campaign: String
  public var accepted: Int
  public var gathered: Int

  public init(campaign: String, accepted: Int, gathered: Int) {
    self.campaign = campaign
    self.accepted = accepted
    self.gathered = gathered
  }

  public static let about = "How many users were handed in."
  public static let notes = ["accepted": "Lines of this request.", "gathered": "Users by now, each once."]
  public static let sample = AudienceAnswer(campaign: "double-eleven", accepted: 1000, gathered: 1000)
}

/// A campaign whose users were forgotten.
public struct ClearedAudienceAnswer: WireType, Hashable {
  public var campaign: String

  public init(campaign: String) { self.campaign = campaign }

  public static let about = "The campaign whose users were forgotten."
  public static let sample = ClearedAudienceAnswer(campaign: "double-eleven")
}
