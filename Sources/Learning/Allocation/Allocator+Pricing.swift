extension Allocator {
  /// The prices are solved anew this often in a window.
  static let solutions = 100
  /// Of the window: what prices remember when arrivals change and nobody foretold how.
  static let memory = 0.1
  /// Today's arrivals outweigh the earlier day's prices after this part of a window.
  static let trust = 0.5

  mutating func advance(by count: Int, to given: Double? = nil) {
    let reached = Double(arrivals.count) + Double(count)
    let counted = reached / max(1, Double(quotas.rounds))
    if let given, given >= progress {
      progress = min(given, 1)
      // More arrivals than expected by now, or fewer, mean as many more or fewer to come.
      let share = arrivalCurve(progress)
      if share > 0.02 { allowance.rounds = Int(min(reached * (1 - share) / share, Double(Quotas.limit))) }
    } else if given == nil {
      progress = min(max(progress, counted), 1)
    }
  }

  private var arrivalCurve: Curve { forecast.map { Curve($0.arrivals.map(Double.init)) } ?? .flat }

  /// New prices from the arrivals seen and from what is left.
  mutating func reprice() {
    let every = max(1, quotas.rounds / Self.solutions)
    // Soon at first, when each arrival tells much, and at the end, when few units are left to be in the wrong place.
    nextRepricing = arrivals.count + min(every, max(16, min(arrivals.count, allowance.rounds / 8)))
    // With nobody to come nothing has a price; the last ones stay to be looked at.
    guard arrivals.rows > 0, !rows.isEmpty, allowance.rounds > 0 else { return }
    settleBasis()
    if basis == .latest { arrivals.forget(before: progress - Self.memory) }
    let dual = SmoothedDual(
      values: arrivals.values, copies: quotas.copies, rows: rows, members: members, limits: sampleLimits())
    let scale = dual.scale
    guard scale > 0 else { return }
    var found = rowPrices.map { min(max($0, 0.05 * scale), 100 * scale) }
    for temperature in [0.1, 0.02, 0.005] {
      found = dual.minimise(from: found, temperature: temperature * scale, steps: 10)
    }
    let weight = basis == .forecast ? progress / (progress + Self.trust) : 1
    for row in rows.indices {
      let known = weight < 1 ? forecast?.prices[rows[row].quota] ?? 0 : 0
      let price = weight * found[row] + (1 - weight) * known
      rowPrices[row] = price < 100 * scale ? price : 100 * scale
    }
    updateCosts()
  }

  mutating func updateCosts() {
    costs = Array(repeating: 0, count: quotas.copies)
    for row in rows.indices { for copy in members[row] { costs[copy] += rows[row].sign * rowPrices[row] } }
  }

  /// What the arrivals in the sample might have used: as large a part of what is left as they are of what is to come.
  private func sampleLimits() -> [Double] {
    let sampled = Double(arrivals.rows)
    let ahead = sampled / Double(max(1, allowance.rounds))
    let paces = basis == .forecast || basis == .forecastCurve
    return rows.indices.map { row in
      var part = ahead
      if paces, let forecast {
        let past = min(max(forecast.curve(of: members[row])(progress), 1e-6), 1 - 1e-6)
        part = past / (1 - past) * sampled / Double(max(1, arrivals.count))
      }
      // A limit of nothing at all, or of more than there is, would have no price.
      return min(
        max(Double(allowance.left(rows[row].quota) ?? 0) * part, 0.01), rows[row].sign < 0 ? 0.99 * sampled : 1e15)
    }
  }

  /// Is the past what the forecast said? And if not, are arrivals at least always the same?
  private mutating func settleBasis() {
    guard basis != .latest else { return }
    let moments = arrivals.moments
    if let forecast {
      let total = forecast.total
      let now = max(total(progress), 1e-9)
      if fits({ total(moments[$0]) / now }) {
        if isAsDear(as: forecast) {
          basis = .forecast
          return
        }
        if !fitsPast {
          basis = .forecastCurve
          return
        }
      }
    }
    basis = fitsPast ? .past : .latest
  }

  private var fitsPast: Bool { fits { Double($0 + 1) / Double(arrivals.rows) } }

  /// Kolmogorov and Smirnov's distance between when the arrivals seen would have been sent something at today's prices
  /// and when they should, beside what chance makes of it.
  private func fits(_ share: (Int) -> Double) -> Bool {
    let sent = sends(at: costs)
    let total = sent.reduce(0) { $0 + ($1 ? 1.0 : 0) }
    guard total > 0 else { return true }
    var (distance, reached) = (0.0, 0.0)
    for row in sent.indices {
      if sent[row] { reached += 1 }
      distance = max(distance, (reached / total - share(row)).magnitude)
    }
    return distance < 0.03 + 2 / total.squareRoot()
  }

  /// Whether about as many are sent something at the earlier day's prices as were then.
  private func isAsDear(as forecast: Forecast) -> Bool {
    let known = rows.map { forecast.prices[$0.quota] }
    var costs = [Double](repeating: 0, count: quotas.copies)
    for row in rows.indices { for copy in members[row] { costs[copy] += rows[row].sign * known[row] } }
    let seen = Double(arrivals.rows)
    let share = sends(at: costs).reduce(0) { $0 + ($1 ? 1.0 : 0) } / seen
    let expected = min(1, forecast.rate * forecast.total(progress) / max(arrivalCurve(progress), 1e-9))
    return (share - expected).magnitude < 0.15 * expected + 4 * (expected / seen).squareRoot()
  }

  /// Of each row of the sample, whether anything is worth more than its cost.
  private func sends(at costs: [Double]) -> [Bool] {
    (0..<arrivals.rows).map { row in
      costs.indices.contains { Double(arrivals.values[row * costs.count + $0]) > costs[$0] }
    }
  }
}
