public import AttuneModel

/// What a configuration promises to every user, read from its documents and from nothing of the engine.
public struct Promises: Hashable, Sendable {
  public var perDay: Int
  /// Campaigns among them.
  public var businesses: [String: Business]
  public var campaigns: [String: Campaign]

  public struct Business: Hashable, Sendable {
    public var window: TimeSpan
    public var times: Int
    public var gap: TimeSpan
    public var obeys: Bool
    public var counts: Bool
    /// Whether the user's wish is asked for, and under which topic.
    public var asks: Bool
    public var topic: String?
    /// In milliseconds of the local day; may cross midnight.
    public var quiet: Quiet?

    public init(
      window: TimeSpan, times: Int, gap: TimeSpan, obeys: Bool = true, counts: Bool = true, asks: Bool = false,
      topic: String? = nil, quiet: Quiet? = nil
    ) {
      self.window = window
      self.times = times
      self.gap = gap
      self.obeys = obeys
      self.counts = counts
      self.asks = asks
      self.topic = topic
      self.quiet = quiet
    }
  }

  public struct Quiet: Hashable, Sendable {
    public var from: Int64
    public var to: Int64

    public init(from: Int64, to: Int64) {
      self.from = from
      self.to = to
    }

    func contains(_ time: Int64) -> Bool {
      from < to ? time >= from && time < to : time >= from || time < to
    }
  }

  public init(perDay: Int, businesses: [String: Business], campaigns: [String: Campaign] = [:]) {
    self.perDay = perDay
    self.businesses = businesses
    self.campaigns = campaigns
  }
}

extension Promises {
  /// Of a configuration that was checked before: what makes no sense is passed over.
  public init(reading source: ConfigurationSource) {
    let user = source.settings?["fatigue"]?["user"]
    perDay = user?["perDay"]?.scalar.flatMap { Int($0) } ?? 0
    let quiet = source.settings?["quietHours"].flatMap(Quiet.init(reading:))
    (businesses, campaigns) = ([:], [:])
    for document in source.businesses + source.campaigns {
      guard let name = (document["business"] ?? document["campaign"])?.scalar, let fatigue = document["fatigue"] else {
        continue
      }
      let filters = document["filters"]?.items ?? []
      let hours = filters.first { $0.scalar == "quietHours" || $0["quietHours"] != nil }
      businesses[name] = Business(
        window: .days(fatigue["days"]?.scalar.flatMap { Int64($0) } ?? 0),
        times: fatigue["times"]?.scalar.flatMap { Int($0) } ?? 0,
        gap: fatigue["minGap"]?.scalar.flatMap { TimeSpan($0) } ?? .zero,
        obeys: fatigue["obeys"]?.scalar != "false", counts: fatigue["counts"]?.scalar != "false",
        asks: filters.contains { $0.scalar == "consent" || $0["consent"] != nil },
        topic: document["topic"]?.scalar,
        quiet: hours.flatMap { $0["quietHours"].flatMap(Quiet.init(reading:)) ?? quiet })
      if document["campaign"] != nil { campaigns[name] = Campaign(reading: document, source.settings) }
    }
  }

  /// What can be muted, each once, in alphabetical order.
  var topics: [String] { Set(businesses.values.compactMap(\.topic)).sorted() }
}

extension Promises.Quiet {
  /// `{ from: "22:00", to: "08:00" }`
  fileprivate init?(reading node: Node) {
    func time(_ key: String) -> Int64? {
      let parts = (node[key]?.scalar ?? "").split(separator: ":").compactMap { Int64($0) }
      return parts.count == 2 ? (parts[0] * 60 + parts[1]) * 60_000 : nil
    }
    guard let from = time("from"), let to = time("to") else { return nil }
    self.init(from: from, to: to)
  }
}
