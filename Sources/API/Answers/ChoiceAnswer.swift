/// What the copies of a business or a campaign bring, and what filters kept from whom.
public struct ChoiceAnswer: WireType, Hashable {
  public struct Copy: Codable, Hashable, Sendable {
    /// The mean, and where nine in ten draws lie.
    public struct Belief: Codable, Hashable, Sendable {
      /// Missing while it is too early: it is not known how long clicks take.
      public var mean: Double?
      public var from: Double?
      public var to: Double?

      public init(mean: Double?, from: Double?, to: Double?) {
        self.mean = mean
        self.from = from
        self.to = to
      }
    }

    public var copy: String
    public var title: String
    public var withdrawn: Bool
    public var sent: Int
    public var quiet: Int
    public var clicks: Int
    public var conversions: Int
    public var optOuts: Int
    public var randomSent: Int
    public var randomClicks: Int
    public var clickProbability: Belief
    /// What one more unit of each of its quotas would earn, together, in clicks.
    public var price: Double

    public init(
      copy: String, title: String, withdrawn: Bool, sent: Int, quiet: Int, clicks: Int, conversions: Int,
      optOuts: Int, randomSent: Int, randomClicks: Int, clickProbability: Belief, price: Double
    ) {
      self.copy = copy
      self.title = title
      self.withdrawn = withdrawn
      self.sent = sent
      self.quiet = quiet
      self.clicks = clicks
      self.conversions = conversions
      self.optOuts = optOuts
      self.randomSent = randomSent
      self.randomClicks = randomClicks
      self.clickProbability = clickProbability
      self.price = price
    }
  }

  public struct Quota: Codable, Hashable, Sendable {
    public var quota: String
    /// One of the two.
    public var limit: Int?
    public var minimum: Int?
    public var used: Int
    /// What one more unit would earn, in clicks.
    public var price: Double

    public init(quota: String, limit: Int?, minimum: Int?, used: Int, price: Double) {
      self.quota = quota
      self.limit = limit
      self.minimum = minimum
      self.used = used
      self.price = price
    }
  }

  /// What a filter kept from the users whom a copy would have suited best.
  public struct Refusal: Codable, Hashable, Sendable {
    public var filter: String
    /// Empty where no copy was in question.
    public var copy: String
    public var users: Int
    /// In clicks.
    public var cost: Double

    public init(filter: String, copy: String, users: Int, cost: Double) {
      self.filter = filter
      self.copy = copy
      self.users = users
      self.cost = cost
    }
  }

  public struct Segment: Codable, Hashable, Sendable {
    public var segment: String
    public var users: Int
    public var sent: Int
    public var refused: Int
    /// In clicks.
    public var cost: Double

    public init(segment: String, users: Int, sent: Int, refused: Int, cost: Double) {
      self.segment = segment
      self.users = users
      self.sent = sent
      self.refused = refused
      self.cost = cost
    }
  }

  public var business: String
  public var copies: [Copy]
  public var quotas: [Quota]
  public var refusals: [Refusal]
  public var segments: [Segment]

  public init(
    business: String, copies: [Copy], quotas: [Quota], refusals: [Refusal], segments: [Segment]
  ) {
    self.business = business
    self.copies = copies
    self.quotas = quotas
    self.refusals = refusals
    self.segments = segments
  }

  public static let about = "What the copies of a business bring, and what filters kept from whom."
  public static let notes = [
    "refusals": "What filters kept from users, the dearest first; the cost is in clicks.",
    "segments": "The same by segment, if the choice tells users apart.",
  ]
  public static let sample = ChoiceAnswer(
    business: "nudge", copies: [.sample], quotas: [.sample],
    refusals: [Refusal(filter: "fatigue.day", copy: "gentle", users: 3, cost: 0.12)],
    segments: [Segment(segment: "city=Hangzhou", users: 20, sent: 12, refused: 8, cost: 0.3)])
}

extension ChoiceAnswer.Copy {
  static let sample = ChoiceAnswer.Copy(
    copy: "gentle", title: "Still thinking?", withdrawn: false, sent: 120, quiet: 0, clicks: 6, conversions: 1,
    optOuts: 0, randomSent: 12, randomClicks: 1,
    clickProbability: ChoiceAnswer.Copy.Belief(mean: 0.05, from: 0.02, to: 0.095), price: 0.01)
}

extension ChoiceAnswer.Quota {
  static let sample = ChoiceAnswer.Quota(quota: "gentle", limit: 1000, minimum: nil, used: 120, price: 0.01)
}
