extension Allocator {
  /// The prices are solved anew this often in a window.
  static let solutions = 100
  /// Of the window: what prices remember when arrivals change and no forecast says how.
  static let memory = 0.02
  /// Of the window: when today's arrivals weigh as much as the earlier day's prices.
  static let trust = 0.5
  /// Of the window: later nothing can be told from the few sends that are left.
  static let lastDoubt = 0.9

  mutating func advance(by count: Int, to given: Double? = nil) {
    let reached = Double(arrivals.count) + Double(count)
    let counted = (reached + Double(missed)) / max(1, Double(quotas.rounds))
    if let given, given >= progress {
      progress = min(given, 1)
      // More arrivals than expected by now, or fewer, mean as many more or fewer to come.
      let share = arrivalCurve(progress)
      if share > 0.02 { allowance.rounds = Int(min(reached * (1 - share) / share, Double(Quotas.limit))) }
    } else if given == nil {
      progress = min(max(progress, counted), 1)
    }
  }

  /// Arrivals to come that something can be sent to, as many as of those seen: what is promised must not wait for others.
  mutating func expectReachable() {
    guard missed > 0 else { return }
    let (seen, share) = (Double(arrivals.count + missed), reachableShare)
    let deviation = (ahead * share * (1 - share) * (1 + ahead / seen)).squareRoot()
    allowance.expect(Int(max(0, ahead * share - 2 * deviation)))
  }

  /// Arrivals to come, all of them.
  private var ahead: Double { Double(max(0, quotas.rounds - arrivals.count - missed)) }
  private var reachableShare: Double { Double(arrivals.count) / Double(max(1, arrivals.count + missed)) }
  private var expected: Double { missed > 0 ? ahead * reachableShare : Double(allowance.rounds) }

  private var arrivalCurve: Curve { forecast.map { Curve($0.arrivals.map(Double.init)) } ?? .flat }

  /// New prices from the arrivals seen and from what is left.
  mutating func reprice(_ worth: ((Context) -> [Double])?) {
    let every = max(16, quotas.rounds / Self.solutions)
    // Soon at first, when each arrival tells much, and at the end, when few units are left to be in the wrong place.
    nextRepricing = arrivals.count + min(every, max(1, arrivals.count), max(16, allowance.rounds / 8))
    // With nobody to come, or nothing to send, nothing has a price; the last ones stay to be looked at.
    guard arrivals.rows > 0, !rows.isEmpty, allowance.rounds > 0, options.copies.contains(true) else { return }
    if basis == .latest {
      // However much is decided at a time: what came last is remembered.
      let limit = min(progress - Self.memory, arrivals.moments.last ?? progress)
      arrivals.forget(before: limit, span: quotas.rounds / 50)
    }
    if let worth { arrivals.revalue(worth) }
    let dual = SmoothedDual(
      values: arrivals.values, copies: quotas.copies, rows: rows, members: members, limits: rows.map { _ in 0 })
    guard dual.scale > 0 else { return }
    let (settled, prices) = settle(dual)
    if settled == .latest, basis != .latest {
      basis = .latest
      return reprice(nil)
    }
    (basis, rowPrices) = (settled, prices)
    updateCosts()
  }

  /// What the past bears out, from the most that is known to the least, and its prices. There is no way back from the
  /// latest arrivals alone.
  private func settle(_ dual: SmoothedDual) -> (Basis, [Double]) {
    func prices(_ basis: Basis) -> [Double] { solve(dual, on: basis) }
    if basis == .latest || progress > Self.lastDoubt { return (basis, prices(basis)) }
    if let forecast, costsAsMuch(as: forecast) {
      let found = prices(.forecast)
      if fits(forecast, dual.costs(found)) { return (.forecast, found) }
    }
    let past = prices(.past)
    return (isSteady(dual.costs(past)) ? .past : .latest, past)
  }

  private func solve(_ dual: SmoothedDual, on basis: Basis) -> [Double] {
    var dual = dual
    dual.limits = sampleLimits(on: basis)
    var found = rowPrices.map(dual.inside)
    for temperature in [0.1, 0.02, 0.005] {
      found = dual.minimise(from: found, temperature: temperature * dual.scale, steps: 10)
    }
    let weight = basis == .forecast ? progress / (progress + Self.trust) : 1
    return rows.indices.map { row in
      let known = weight < 1 ? forecast?.prices[rows[row].quota] ?? 0 : 0
      return weight * found[row] + (1 - weight) * known
    }
  }

  mutating func updateCosts() {
    costs = Array(repeating: 0, count: quotas.copies)
    for row in rows.indices { for copy in members[row] { costs[copy] += rows[row].sign * rowPrices[row] } }
  }

  /// What the arrivals in the sample might have used: as large a part of what is left as they are of what is to come.
  private func sampleLimits(on basis: Basis) -> [Double] {
    let sampled = Double(arrivals.rows)
    let ahead = sampled / max(1, expected)
    return rows.indices.map { row in
      var part = ahead
      if basis == .forecast, let forecast {
        let past = min(max(forecast.curve(of: members[row])(progress), 1e-6), 1 - 1e-6)
        part = past / (1 - past) * sampled / Double(max(1, arrivals.count))
      }
      let left = allowance.left(rows[row].quota) ?? 0
      // A minimum that is met must not raise the cost because sends are expensive.
      if rows[row].sign < 0, left == 0 { return -sampled }
      // A limit of nothing at all, or of more than there is, would have no price.
      let most = rows[row].sign < 0 ? 0.99 * sampled : 1e15
      return min(max(Double(left) * part, 0.01), most)
    }
  }

  private func fits(_ forecast: Forecast, _ costs: [Double]) -> Bool {
    let total = forecast.total
    let now = max(total(progress), 1e-9)
    return fits(costs) { total(arrivals.moments[$0]) / now }
  }

  private func isSteady(_ costs: [Double]) -> Bool { fits(costs) { Double($0 + 1) / Double(arrivals.rows) } }

  /// Kolmogorov and Smirnov's distance between when the arrivals seen would have been sent something at these costs and
  /// when they should, beside what chance makes of it.
  private func fits(_ costs: [Double], _ share: (Int) -> Double) -> Bool {
    let sent = sends(at: costs)
    let total = sent.reduce(0) { $0 + ($1 ? 1.0 : 0) }
    guard total > 0 else { return true }
    var (distance, reached) = (0.0, 0.0)
    for row in sent.indices {
      if sent[row] { reached += 1 }
      distance = max(distance, (reached / total - share(row)).magnitude)
    }
    return distance < 0.02 + 1.7 / total.squareRoot()
  }

  /// Whether about as many are sent something at the earlier day's prices as were then.
  private func costsAsMuch(as forecast: Forecast) -> Bool {
    let known = rows.map { forecast.prices[$0.quota] }
    var costs = [Double](repeating: 0, count: quotas.copies)
    for row in rows.indices { for copy in members[row] { costs[copy] += rows[row].sign * known[row] } }
    let seen = Double(arrivals.rows)
    let share = sends(at: costs).reduce(0) { $0 + ($1 ? 1.0 : 0) } / seen
    let expected = min(1, forecast.rate * forecast.total(progress) / max(arrivalCurve(progress), 1e-9))
    let deviation = (max(expected * (1 - expected), 0.01) / seen).squareRoot()
    return (share - expected).magnitude < 0.05 * expected + 3 * deviation
  }

  /// Of each row of the sample, whether anything is worth more than its cost.
  private func sends(at costs: [Double]) -> [Bool] {
    (0..<arrivals.rows).map { row in
      costs.indices.contains { Double(arrivals.values[row * costs.count + $0]) > costs[$0] }
    }
  }
}
