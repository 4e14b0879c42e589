/// What is said to one user, once. Its id is that of the candidate it came from, and the same across retries.
public struct Message: Hashable, Sendable {
  public var id: CandidateID
  public var user: String
  public var business: String
  /// Name of the channel that carries it.
  public var channel: String
  public var title: String
  public var body: String
  /// What the rule emitted, for the app to open the right page.
  public var data: [Property]
  /// Id of the chosen material.
  public var material: String
  /// When it was decided.
  public var at: Instant
  /// Not to be handed to a provider from this instant on.
  public var expires: Instant?
  public var whenUnknown: WhenUnknown
  /// To be there without disturbing: passive, without a sound, or in the app's inbox alone.
  public var isQuiet: Bool
  public var `class`: Class
  /// Within a class, the higher is sent first.
  public var priority: Int

  /// Why it is sent: what decides about its lane, and about what happens without an answer.
  public enum Class: UInt8, Sendable, CaseIterable {
    /// We want something of the user.
    case marketing = 0
    /// The user waits for it: an order's progress, a code. It does not queue behind a campaign.
    case transactional = 1

    /// As businesses name it.
    public var name: String { self == .marketing ? "marketing" : "transactional" }

    /// Better none than two, or better two than none.
    public var whenUnknown: WhenUnknown { self == .marketing ? .atMostOnce : .atLeastOnce }
  }

  /// What to do when a provider gave no answer.
  public enum WhenUnknown: UInt8, Sendable {
    /// Leave it: better none than two. The default for marketing.
    case atMostOnce = 0
    /// Send it again under the same id.
    case atLeastOnce = 1
  }

  public init(
    id: CandidateID, user: String, business: String, channel: String, title: String, body: String,
    data: [Property] = [], material: String, at: Instant, expires: Instant? = nil,
    whenUnknown: WhenUnknown = .atMostOnce, isQuiet: Bool = false, class: Class = .marketing, priority: Int = 0
  ) {
    self.id = id
    self.user = user
    self.business = business
    self.channel = channel
    self.title = title
    self.body = body
    self.data = data
    self.material = material
    self.at = at
    self.expires = expires
    self.whenUnknown = whenUnknown
    self.isQuiet = isQuiet
    self.class = `class`
    self.priority = priority
  }
}

/// How a message ended: the input that comes back from delivery.
public struct Settlement: Hashable, Sendable {
  public var message: CandidateID
  /// How it ended.
  public var outcome: Outcome
  /// Whose message it was. Empty in a journal written before format 7.
  public var user: String
  /// The channel that had it. Empty in a journal written before format 7.
  public var channel: String
  /// Why it failed, was given up or is unknown, in the channel's or the provider's word.
  public var code: String?
  /// What the provider calls it.
  public var providerID: String?
  /// From the last handing over to its answer.
  public var latency: TimeSpan?
  /// How often it was handed to its channel.
  public var attempts: Int

  /// How a message can end.
  public enum Outcome: UInt8, Sendable, CaseIterable {
    /// The provider took it.
    case accepted = 0
    /// Definitely not delivered to any device.
    case failed = 1
    /// No answer; it stays counted against the user's limits.
    case unknown = 2
    /// Withdrawn before any provider saw it: expired, or recalled.
    case withdrawn = 3
  }

  public init(
    message: CandidateID, outcome: Outcome, user: String = "", channel: String = "", code: String? = nil,
    providerID: String? = nil, latency: TimeSpan? = nil, attempts: Int = 0
  ) {
    self.message = message
    self.outcome = outcome
    self.user = user
    self.channel = channel
    self.code = code
    self.providerID = providerID
    self.latency = latency
    self.attempts = attempts
  }
}

/// What the app or a provider tells of a message later. Each kind counts once a message.
public struct Receipt: Hashable, Sendable {
  public var message: CandidateID
  public var kind: Kind
  /// When it happened, by the sender's clock.
  public var at: Instant

  /// What can be told of a message.
  public enum Kind: UInt8, Sendable, CaseIterable {
    case delivered = 0
    case opened = 1
    case dismissed = 2
    case converted = 3
    case unsubscribed = 4

    public var name: String {
      switch self {
      case .delivered: "delivered"
      case .opened: "opened"
      case .dismissed: "dismissed"
      case .converted: "converted"
      case .unsubscribed: "unsubscribed"
      }
    }

    public init?(name: String) {
      guard let kind = Kind.allCases.first(where: { $0.name == name }) else { return nil }
      self = kind
    }
  }

  public init(message: CandidateID, kind: Kind, at: Instant) {
    self.message = message
    self.kind = kind
    self.at = at
  }
}
