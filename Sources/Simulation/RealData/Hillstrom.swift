public import Learning

/// Hillstrom's e-mail experiment: 64,000 customers got an e-mail about men's clothes, about women's, or none, at random;
/// who visited the shop within two weeks?
public struct Hillstrom: Sendable {
  public enum Mail: Int, Sendable, CaseIterable {
    case none, mens, womens
  }

  public struct Customer: Sendable {
    public var mail: Mail
    public var visited: Bool
    var context: Context
  }

  public private(set) var customers: [Customer] = []

  init(customers: [Customer]) { self.customers = customers }

  /// - Parameter path: `hillstrom.csv.gz`.
  public init(path: String) throws {
    var table = try DataTable(
      path: path,
      columns: [
        "segment", "visit", "recency", "history", "mens", "womens", "newbie", "zip_code", "channel", "history_segment",
      ])
    var categories = Categories()
    var rows: [(mail: Mail, visited: Bool, numbers: [Double], categories: [Int])] = []
    while let row = try table.next() {
      guard let mail = Self.mails[row[0]] else {
        throw DataTableError(path: path, line: nil, message: "'\(row[0])' is no segment")
      }
      let numbers = try row[2...6].map { try DataTable.number($0, "number", in: path) }
      let scaled = [numbers[0] / 12, Elementary.log(max(1, numbers[1])) - 5] + numbers[2...]
      rows.append((mail, row[1] == "1", scaled, row[7...9].enumerated().map { categories.place(of: $1, in: $0) }))
    }
    customers = try rows.map { row in
      var vector = row.numbers + [Double](repeating: 0, count: categories.count)
      for place in row.categories { vector[row.numbers.count + place] = 1 }
      return Customer(mail: row.mail, visited: row.visited, context: try Context(vector))
    }
  }

  private static let mails: [String: Mail] = ["No E-Mail": .none, "Mens E-Mail": .mens, "Womens E-Mail": .womens]

  /// Values of columns, each a place of its own, in the order in which they were first seen.
  private struct Categories {
    private var places: [String: Int] = [:]
    var count: Int { places.count }

    mutating func place(of value: String, in column: Int) -> Int {
      let key = "\(column)=\(value)"
      let place = places[key] ?? places.count
      places[key] = place
      return place
    }
  }

  /// Visits of those who got a mail, above those of whom got none; always valid.
  public func effect(of mail: Mail) -> Interval {
    ConfidenceSequence(expected: customers.count).lift(of: visits(mail), over: visits(.none))
  }

  public func visits(_ mail: Mail) -> Moments {
    let got = customers.filter { $0.mail == mail }
    return Moments(successes: got.count { $0.visited }, trials: got.count)
  }

  /// To each customer the mail of which a model expects most that never saw that customer, against the men's mail to
  /// all.
  public struct Personalisation: Sendable {
    /// Of visits a customer, by DR; the mean of several splits into folds.
    public var gain: Interval
    /// Of the customers, by mail.
    public var shares: [Double]
    public var effectiveSampleSize: Double
  }

  /// - Parameter seeds: Of the splits into folds; one at least.
  public func personalise(seeds: [UInt64]) throws -> Personalisation {
    var mean = Personalisation(
      gain: Interval(estimate: 0, low: 0, high: 0), shares: [0, 0, 0], effectiveSampleSize: 0)
    let share = 1 / Double(max(seeds.count, 1))
    for seed in seeds {
      let (estimator, counts) = try personalise(seed: seed)
      let gain = try estimator.estimates().gain
      mean.gain.estimate += gain.estimate * share
      mean.gain.low += gain.low * share
      mean.gain.high += gain.high * share
      mean.effectiveSampleSize += estimator.overlap.effectiveSampleSize * share
      for index in counts.indices { mean.shares[index] += Double(counts[index]) / Double(customers.count) * share }
    }
    return mean
  }

  private func personalise(seed: UInt64) throws -> (OffPolicyEstimator, counts: [Int]) {
    let mails = Mail.allCases.map(\.rawValue)
    var models = CrossFit(dimensions: customers.first?.context.dimensions ?? 1, arms: mails.count, seed: seed)
    for (index, customer) in customers.enumerated() {
      models.learn(customer.context, arm: customer.mail.rawValue, reward: customer.visited ? 1 : 0, index: index)
    }
    var estimator = OffPolicyEstimator()
    var counts = [0, 0, 0]
    for (index, customer) in customers.enumerated() {
      let expected = models.expected(customer.context, arms: mails, index: index)
      let best = expected.placeOfGreatest ?? 0
      counts[best] += 1
      let decision = LoggedDecision(reward: customer.visited ? 1 : 0, propensity: 1 / 3)
      func modelled(_ mail: Int) -> ModelledReward {
        ModelledReward(played: expected[customer.mail.rawValue], policy: expected[mail])
      }
      let mensToAll = try OffPolicyEstimator.correctedReward(
        decision, target: customer.mail == .mens ? 1 : 0, modelled: modelled(Mail.mens.rawValue))
      try estimator.add(
        decision, target: customer.mail.rawValue == best ? 1 : 0, modelled: modelled(best), baseline: mensToAll)
    }
    return (estimator, counts)
  }
}
