public import AttuneModel
import Delivery
import Insight
import Runtime

extension TownSimulation {
  /// What came of a town.
  public struct Report: Sendable {
    public var settings: Settings
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
  }

  public struct People: Hashable, Sendable {
    public var users: Int
    /// Got at least one message.
    public var reached: Int
    public var neverReached: Int
    /// Said during these days that something is to stop.
    public var optedOut: Int
  }

  func report(pending: Int, _ files: [String: CampaignFile]) throws -> Report {
    let projector = Projector(store: store)
    try projector.catchUp()
    let tally = try projector.tally()
    let lines = try LogLine.read(Self.log(in: store.folder))
    return Report(
      settings: settings, tally: tally, people: people(lines), stories: try stories(projector),
      invariants: invariants(lines, tally), pending: pending, folder: store.folder, log: Self.log(in: store.folder),
      campaigns: campaigns(files))
  }

  private func people(_ lines: [LogLine]) -> People {
    let reached = Set(lines.map(\.user)).count
    return People(
      users: settings.users, reached: reached, neverReached: settings.users - reached,
      optedOut: Set(optOuts.lazy.filter { $0.at > settings.start }.map(\.user)).count)
  }

  private func invariants(_ lines: [LogLine], _ tally: Tally) -> [Invariant] {
    let zones = Dictionary(population.residents.map { ($0.user, $0.zone) }) { first, _ in first }
    let checker = InvariantChecker(promises: promises, zones: zones, optOuts: optOuts)
    var complete = Invariant("as many lines in the log as messages sent, and as accepted")
    complete.count(
      isKept: lines.count == tally.total(.sent) - chronicle.withdrawn && lines.count == tally.total(.taken),
      "\(lines.count) lines, \(tally.total(.sent)) sent, \(tally.total(.taken)) accepted")
    return checker.check(lines) + [complete]
  }
}
