public import Learning

/// Open Bandit (ZOZO), campaign "all": the log of a uniformly random policy, and what a Thompson policy would have
/// played, item by item and position by position.
public struct OpenBandit: Sendable {
  public struct Impression: Hashable, Sendable {
    /// From 0.
    public var item: Int
    /// From 0, of three.
    public var position: Int
    public var decision: LoggedDecision
  }

  /// Logged by the random policy.
  public private(set) var impressions: [Impression] = []
  /// The Thompson policy's probability of each item, by position.
  public private(set) var thompson: [[Double]] = [[], [], []]
  /// Clicks an impression of the Thompson policy's own log, of another hour: what it earned itself.
  public private(set) var thompsonLog = Moments()

  /// - Parameter folder: With `random/all.csv.gz`, `bts/all.csv.gz` and `bts_action_dist_all.csv`.
  public init(folder: String) throws {
    let path = folder + "/bts_action_dist_all.csv"
    var table = try DataTable(path: path, columns: ["pos1", "pos2", "pos3"])
    while let row = try table.next() {
      for (position, text) in row.enumerated() {
        thompson[position].append(try DataTable.number(text, "probability", in: path))
      }
    }
    try Self.forEach(folder + "/random/all.csv.gz") { item, position, click, propensity in
      guard thompson[0].indices ~= item else {
        throw DataTableError(path: folder, line: nil, message: "item \(item) has no probability")
      }
      impressions.append(
        Impression(item: item, position: position, decision: LoggedDecision(reward: click, propensity: propensity)))
    }
    try Self.forEach(folder + "/bts/all.csv.gz") { _, _, click, _ in thompsonLog.add(click) }
  }

  private static func forEach(_ path: String, _ body: (Int, Int, Double, Double) throws -> Void) throws {
    var table = try DataTable(path: path, columns: ["item_id", "position", "click", "propensity_score"])
    while let row = try table.next() {
      guard let item = Int(row[0]), let position = Int(row[1]), 1...3 ~= position else {
        throw DataTableError(path: path, line: nil, message: "item '\(row[0])' at position '\(row[1])'")
      }
      try body(
        item, position - 1, DataTable.number(row[2], "click", in: path),
        DataTable.number(row[3], "propensity", in: path))
    }
  }

  /// The Thompson policy, by what the random one logged. The model behind DR knows items and positions.
  public func evaluate(seed: UInt64) throws -> OffPolicyEstimator {
    let contexts = try (0..<3).map { position in try Context((0..<3).map { $0 == position ? 1 : 0 }) }
    let items = Array(thompson[0].indices)
    var models = CrossFit(dimensions: 4, arms: items.count, seed: seed)
    for (index, impression) in impressions.enumerated() {
      models.learn(
        contexts[impression.position], arm: impression.item, reward: impression.decision.reward, index: index)
    }
    var estimator = OffPolicyEstimator()
    for (index, impression) in impressions.enumerated() {
      let target = thompson[impression.position]
      let expected = models.expected(contexts[impression.position], arms: items, index: index)
      try estimator.add(
        impression.decision, target: target[impression.item],
        modelled: ModelledReward(arm: impression.item, expected: expected, target: target))
    }
    return estimator
  }
}
