public import AttuneModel

extension Promises {
  /// What a campaign may send at most, to whom it may not, and what it says.
  public struct Campaign: Hashable, Sendable {
    public var copies: [Copy]
    /// Of all copies together.
    public var total: Int?
    /// By channel.
    public var channels: [String: Int]
    /// Shares of the users who get nothing, and who get a copy at random.
    public var holdout: Double
    public var random: Double
    /// The time between two waves.
    public var wave: TimeSpan

    public struct Copy: Hashable, Sendable {
      public var id: String
      public var channel: String
      public var maximum: Int?
      public var minimum: Int

      public init(_ id: String, channel: String = "log", maximum: Int? = nil, minimum: Int = 0) {
        self.id = id
        self.channel = channel
        self.maximum = maximum
        self.minimum = minimum
      }
    }

    public init(
      copies: [Copy], total: Int? = nil, channels: [String: Int] = [:], holdout: Double = 0.05, random: Double = 0.03,
      wave: TimeSpan = .minutes(1)
    ) {
      self.copies = copies
      self.total = total
      self.channels = channels
      self.holdout = holdout
      self.random = random
      self.wave = wave
    }
  }
}

extension Promises.Campaign {
  init(reading document: Node, _ settings: Node?) {
    let quotas = document["quotas"]
    let channel = document["channel"]?.scalar ?? Self.entries(settings?["channels"]).first?.key ?? "log"
    self.init(
      copies: (document["materials"]?.items ?? []).compactMap { material in
        material["id"]?.scalar.map { id in
          let limits = quotas?["copies"]?[id]
          return Copy(
            id, channel: material["channel"]?.scalar ?? channel, maximum: Self.integer(limits?["max"]),
            minimum: Self.integer(limits?["min"]) ?? 0)
        }
      },
      total: Self.integer(quotas?["total"]),
      channels: Dictionary(
        Self.entries(quotas?["channels"]).compactMap { entry in Self.integer(entry.value).map { (entry.key, $0) } }
      ) { first, _ in first },
      holdout: Self.share(document["holdout"]) ?? 0.05,
      random: Self.share(document["learned"]?["random"]) ?? 0.03,
      wave: document["waves"]?["every"]?.scalar.flatMap { TimeSpan($0) } ?? .minutes(1))
  }

  private static func integer(_ node: Node?) -> Int? { node?.scalar.flatMap { Int($0) } }

  /// `5%`
  private static func share(_ node: Node?) -> Double? {
    node?.scalar.flatMap { Double(percent: $0) }
  }

  private static func entries(_ node: Node?) -> [Node.Entry] {
    if case .mapping(let entries) = node?.content { entries } else { [] }
  }
}
