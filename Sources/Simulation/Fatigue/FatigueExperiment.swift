public import Fatigue
public import Insight

/// The same traffic under Fatigue 1.0 and 2.0, side by side.
///
/// Both get the same candidates and the same policy, of which 1.0 reads days, times and origin only. Nothing is
/// released: every reach stands.
public struct FatigueExperiment: Sendable {
  public let seed: UInt64
  public let users: Int
  public let days: Int
  /// The population, and the log where there is one.
  public let results: [Result]

  public struct Result: Sendable {
    public let traffic: FatigueTraffic
    public let one: FatigueMeasures
    public let two: FatigueMeasures

    /// Throws when a candidate's business is not in the policy.
    public init(_ traffic: FatigueTraffic) throws(FatigueError) {
      self.traffic = traffic
      one = FatigueMeasures(try FatigueRun(FixedWindowFatigue.self, traffic), traffic)
      two = FatigueMeasures(try FatigueRun(FatigueTracker.self, traffic), traffic)
    }

    /// How far apart reaches are: of businesses that may come several times in a period.
    public var chart: BarChart {
      BarChart(
        title: "How soon the same business comes again (\(traffic.name))", axis: "time from one reach to the next",
        unit: "pairs of reaches",
        categories: FatigueMeasures.buckets.map(\.name),
        series: [BarChart.Series("1.0", one.gaps), BarChart.Series("2.0", two.gaps)])
    }
  }

  /// - Parameters:
  ///   - seed, users, days: of the population.
  ///   - log: candidates of a recorded log, if there is one.
  public init(seed: UInt64, users: Int, days: Int, log: FatigueTraffic?) throws(FatigueError) {
    self.seed = seed
    self.users = users
    self.days = days
    var results = [try Result(FatigueTraffic(population: seed, users: users, days: days))]
    if let log { results.append(try Result(log)) }
    self.results = results
  }
}
