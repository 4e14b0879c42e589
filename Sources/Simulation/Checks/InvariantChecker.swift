public import AttuneModel

/// Counts again, from the messages that left alone, whether every promise to every user was kept.
public struct InvariantChecker: Sendable {
  let promises: Promises
  let zones: [String: Zone]
  let optOuts: [String: [OptOut]]

  /// A user's word that something is to stop.
  public struct OptOut: Hashable, Sendable {
    public var user: String
    /// Nil for everything.
    public var topic: String?
    /// The clock at which it was taken in; what was decided at that very instant may have been first.
    public var at: Instant

    public init(user: String, topic: String?, at: Instant) {
      self.user = user
      self.topic = topic
      self.at = at
    }
  }

  /// - Parameter zones: of the users; who is missing lives in UTC.
  public init(promises: Promises, zones: [String: Zone], optOuts: [OptOut]) {
    self.promises = promises
    self.zones = zones
    self.optOuts = Dictionary(grouping: optOuts, by: \.user)
  }

  public func check(_ lines: [LogLine]) -> [Invariant] {
    [onePerID(lines), daily(lines), quiet(lines), afterOptOut(lines), gaps(lines), windows(lines)]
      + checkCampaigns(lines)
  }

  private func onePerID(_ lines: [LogLine]) -> Invariant {
    var invariant = Invariant("no message twice")
    var seen: Set<String> = []
    for line in lines { invariant.count(line, isKept: seen.insert(line.id).inserted) }
    return invariant
  }

  private func daily(_ lines: [LogLine]) -> Invariant {
    var invariant = Invariant("at most \(promises.perDay) a day for each user, by the user's calendar")
    var reached: [UserDay: Int] = [:]
    for line in counted(lines) {
      let day = UserDay(user: line.user, day: zone(of: line.user).day(line.at))
      reached[day, default: 0] += 1
      invariant.count(line, isKept: reached[day, default: 0] <= promises.perDay)
    }
    return invariant
  }

  private func quiet(_ lines: [LogLine]) -> Invariant {
    var invariant = Invariant("nothing in quiet hours, by the user's clock")
    for line in lines {
      guard let quiet = promises.businesses[line.business]?.quiet else { continue }
      invariant.count(line, isKept: !quiet.contains(zone(of: line.user).timeOfDay(line.at)))
    }
    return invariant
  }

  private func afterOptOut(_ lines: [LogLine]) -> Invariant {
    var invariant = Invariant("nothing after an opt-out")
    for line in lines {
      guard let business = promises.businesses[line.business], business.asks else { continue }
      let isUnwanted = optOuts[line.user]?.contains { optOut in
        optOut.at < line.at && (optOut.topic == nil || optOut.topic == business.topic)
      }
      invariant.count(line, isKept: isUnwanted != true)
    }
    return invariant
  }

  private func gaps(_ lines: [LogLine]) -> Invariant {
    var invariant = Invariant("the least gap between two of one business")
    for reaches in byKey(lines) {
      for (earlier, later) in zip(reaches, reaches.dropFirst()) {
        let gap = promises.businesses[later.business]?.gap ?? .zero
        invariant.count(later, isKept: later.at - earlier.at >= gap)
      }
    }
    return invariant
  }

  /// Windows open at the first reach; one that a withdrawn message opened would be taken to open later.
  private func windows(_ lines: [LogLine]) -> Invariant {
    var invariant = Invariant("no business beyond its times in a window")
    for reaches in byKey(lines) {
      var start: Instant?
      var count = 0
      for line in reaches {
        guard let business = promises.businesses[line.business] else { continue }
        if start.map({ line.at >= $0 + business.window }) ?? true { (start, count) = (line.at, 0) }
        count += 1
        invariant.count(line, isKept: count <= business.times)
      }
    }
    return invariant
  }

  private struct UserDay: Hashable {
    var user: String
    var day: Int64
  }

  private struct Key: Hashable {
    var user: String
    var business: String
  }

  private func zone(of user: String) -> Zone { zones[user] ?? .utc }

  /// What obeys its limits and counts towards them.
  private func counted(_ lines: [LogLine]) -> [LogLine] {
    lines.filter { line in promises.businesses[line.business].map { $0.obeys && $0.counts } ?? true }
  }

  /// The counted ones of each user and business, in the order of their instants.
  private func byKey(_ lines: [LogLine]) -> [[LogLine]] {
    let groups = Dictionary(grouping: counted(lines)) { Key(user: $0.user, business: $0.business) }
    return groups.sorted { ($0.key.user, $0.key.business) < ($1.key.user, $1.key.business) }
      .map { $0.value.sorted { ($0.at, $0.id) < ($1.at, $1.id) } }
  }
}
