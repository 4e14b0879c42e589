public import AttuneModel

/// What one copy of the library did. Made by hand in `Insight`, for `attune copies` too, and held to this by tests.
public struct CopyAnswer: WireType, Hashable {
  public struct Counts: Codable, Hashable, Sendable {
    public var sends: Int
    public var deliveries: Int
    public var clicks: Int
    public var conversions: Int
    public var optOuts: Int
  }

  /// What it did elsewhere, before it came here.
  public struct Past: Codable, Hashable, Sendable {
    public var sends: Int
    public var deliveries: Int
    public var clicks: Int
    public var conversions: Int
    public var optOuts: Int
    public var lastUsed: Instant?
  }

  public struct Rate: Codable, Hashable, Sendable {
    public var mean: Double
    /// The bounds hold it with 95% probability.
    public var low: Double
    public var high: Double
    /// In sends.
    public var strength: Double
  }

  public struct Freshness: Codable, Hashable, Sendable {
    public var state: String
    public var ratio: Double?
    public var low: Double?
    public var high: Double?
    public var weariness: Double
  }

  public struct Day: Codable, Hashable, Sendable {
    /// As in `2026-11-21`.
    public var day: String
    public var sends: Int
    public var deliveries: Int
    public var clicks: Int
    public var conversions: Int
    public var optOuts: Int
  }

  public var similarity: Double?
  public var id: String
  public var title: String
  public var body: String
  public var tags: [String]
  public var scene: String?
  public var language: String?
  @OrNull public var created: Instant?
  public var past: Past?
  public var counts: Counts
  public var clickRate: Rate
  public var optOutRate: Rate
  public var freshness: Freshness
  @OrNull public var lastUsed: String?
  public var prior: Rate?
  public var days: [Day]?

  public static let about = "A copy of the library, and what it did."
  public static let notes = [
    "similarity": "From 0 to 1; only among similar copies.",
    "created": "Milliseconds since 1970-01-01T00:00:00Z.",
    "past": "What it did elsewhere, before it came here.",
    "clickRate": "The bounds hold it with 95% probability; the strength is in sends.",
    "lastUsed": "A day, as in 2026-11-21.",
    "prior": "What a campaign would start with; only of one copy.",
    "days": "The oldest first; only of one copy.",
  ]
  public static let sample = CopyAnswer(
    similarity: nil, id: "run", title: "New running shoes", body: "They are light", tags: ["sport"], scene: "trade",
    language: "en", created: Instant(milliseconds: 1_795_315_976_996), past: nil,
    counts: Counts(sends: 120, deliveries: 118, clicks: 6, conversions: 1, optOuts: 0),
    clickRate: Rate(mean: 0.05, low: 0.02, high: 0.095, strength: 140),
    optOutRate: Rate(mean: 0.001, low: 0, high: 0.004, strength: 140),
    freshness: Freshness(state: "fresh", ratio: 1.1, low: 0.8, high: 1.4, weariness: 0.1), lastUsed: "2026-11-21",
    prior: nil, days: nil)
}

/// A page of the library.
public struct CopiesAnswer: WireType, Hashable {
  public var copies: [CopyAnswer]
  @OrNull public var next: String?

  public static let about = "A page of the library: by id, or the best match first."
  public static let notes = ["next": "The 'after' of the next page; null on the last one."]
  public static let sample = CopiesAnswer(copies: [.sample], next: nil)
}

/// Copies with similar words, the most similar first.
public struct SimilarCopiesAnswer: WireType, Hashable {
  public var copies: [CopyAnswer]

  public static let about = "Copies with similar words, the most similar first."
  public static let sample = SimilarCopiesAnswer(copies: [.sample])
}

/// What an import changed.
public struct CopyChangesAnswer: WireType, Hashable {
  public var added: Int
  public var changed: Int
  public var unchanged: Int

  public init(added: Int, changed: Int, unchanged: Int) {
    self.added = added
    self.changed = changed
    self.unchanged = unchanged
  }

  public static let about = "What became of the copies that were given."
  public static let sample = CopyChangesAnswer(added: 2, changed: 1, unchanged: 0)
}
