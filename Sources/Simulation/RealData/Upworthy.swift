import AttuneModel

/// Headline tests of Upworthy: for each test its headlines, how often each was shown and clicked.
public struct Upworthy: Sendable {
  public struct Headline: Hashable, Sendable {
    public var impressions: Int
    public var clicks: Int

    public var rate: Double { Double(clicks) / Double(max(impressions, 1)) }
  }

  public struct Test: Hashable, Sendable {
    public var id: String
    public var headlines: [Headline]

    public var impressions: Int { headlines.reduce(0) { $0 + $1.impressions } }
    public var clicks: Int { headlines.reduce(0) { $0 + $1.clicks } }
    /// Of clicks: what the best headline would have earned above all of them alike, at the rates that were seen.
    public var possibleLift: Double { Double(impressions) * (bestRate - meanRate) }
    public var bestRate: Double { headlines.map(\.rate).max() ?? 0 }
    public var meanRate: Double { headlines.reduce(0) { $0 + $1.rate } / Double(max(headlines.count, 1)) }
    /// One of five, by the id: what a test is judged with is learned from the other four.
    var fold: Int { Int(StableHash.of(id).value() % 5) }
  }

  public private(set) var tests: [Test] = []

  public init(tests: [Test]) { self.tests = tests }

  /// - Parameter path: `headline_tests.csv.gz`.
  public init(path: String) throws {
    var table = try DataTable(path: path, columns: ["clickability_test_id", "n", "c"])
    var places: [String: Int] = [:]
    while let row = try table.next() {
      guard let impressions = Int(row[1]), let clicks = Int(row[2]), 0...impressions ~= clicks else {
        throw DataTableError(path: path, line: nil, message: "'\(row[2])' clicks of '\(row[1])' impressions")
      }
      let place = places[row[0]] ?? tests.count
      if place == tests.count {
        places[row[0]] = place
        tests.append(Test(id: row[0], headlines: []))
      }
      tests[place].headlines.append(Headline(impressions: impressions, clicks: clicks))
    }
  }
}
