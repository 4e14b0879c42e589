public import AttuneModel
import Delivery

/// What came of a town.
public struct TownReport: Sendable {
  public var settings: TownSettings
  public var tally: Tally
  public var people: People
  public var stories: [Story]
  public var invariants: [Invariant]
  /// Candidates still put off at the end.
  public var pending: Int
  /// Of the store, for `explain`, `report` and `serve`; and what was written to the log channel.
  public var folder: String
  public var log: String
  public var campaigns: [TownCampaign] = []

  public var holds: Bool { invariants.allSatisfy(\.holds) }

  public struct People: Hashable, Sendable {
    public var users: Int
    /// Got at least one message.
    public var reached: Int
    public var neverReached: Int
    /// Said during these days that something is to stop.
    public var optedOut: Int
  }
}

extension TownReport.People {
  /// - Parameter lines: what left the town's log channel.
  init(_ settings: TownSettings, _ lines: [LogLine], _ optOuts: [InvariantChecker.OptOut]) {
    let reached = Set(lines.map(\.user)).count
    self.init(
      users: settings.users, reached: reached, neverReached: settings.users - reached,
      optedOut: Set(optOuts.lazy.filter { $0.at > settings.start }.map(\.user)).count)
  }
}
