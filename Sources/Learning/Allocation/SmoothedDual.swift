/// The dual of the allocation problem over a table of values, with its corners rounded so that Newton's method applies.
///
/// A row's share of the dual is max(0, max over copies of value - cost); rounded at temperature t it is
/// t log(1 + sum exp((value - cost) / t)). Prices are kept above 0, and below a
/// ceiling, by logarithmic barriers of the same weight.
struct SmoothedDual {
  /// Row by row, a value a copy; what is not finite cannot be chosen.
  let values: [Float]
  let copies: Int
  let rows: [QuotaRow]
  let members: [[Int]]
  /// The limits, in rows of the table.
  var limits: [Double]
  /// Every how many rows of the table one is looked at.
  var stride = 1

  var count: Int { values.count / copies }

  /// The cost of a send of each copy at these prices.
  func costs(_ prices: [Double]) -> [Double] {
    var costs = [Double](repeating: 0, count: copies)
    for (row, price) in prices.enumerated() {
      for copy in members[row] { costs[copy] += rows[row].sign * price }
    }
    return costs
  }

  /// The dual function itself, corners and all: no allocation earns more, whatever the prices.
  func bound(_ prices: [Double]) -> Double {
    let costs = costs(prices)
    var sum = 0.0
    values.withUnsafeBufferPointer { values in
      for start in Swift.stride(from: 0, to: count * copies, by: copies) {
        var best = 0.0
        for copy in 0..<copies {
          let net = Double(values[start + copy]) - costs[copy]
          if net > best, net < .infinity { best = net }
        }
        sum += best
      }
    }
    for row in rows.indices { sum += rows[row].sign * prices[row] * limits[row] }
    return sum
  }

  /// The mean over rows of the best value: what temperatures are measured in.
  let scale: Double
  /// No price need be as high: beyond it nothing is sent, or everything. Where two quotas leave no room between them,
  /// prices would else grow without end.
  let ceiling: Double

  init(values: [Float], copies: Int, rows: [QuotaRow], members: [[Int]], limits: [Double]) {
    self.values = values
    self.copies = copies
    self.rows = rows
    self.members = members
    self.limits = limits
    var (sum, most) = (0.0, 0.0)
    let count = values.count / copies
    for start in Swift.stride(from: 0, to: count * copies, by: copies) {
      var best = 0.0
      for copy in 0..<copies {
        let value = Double(values[start + copy])
        guard value.magnitude < .infinity else { continue }
        most = max(most, value.magnitude)
        best = max(best, value)
      }
      sum += best
    }
    scale = count > 0 ? sum / Double(count) : 0
    ceiling = 8 * most
  }

  /// A price to start from, away from the walls.
  func inside(_ price: Double) -> Double { min(max(price, 0.05 * scale), 0.5 * ceiling) }

  /// Lowers the rounded dual from `prices` until a step changes next to nothing.
  func minimise(from prices: [Double], temperature: Double, steps: Int) -> [Double] {
    var prices = prices
    var here = slope(at: prices, temperature)
    for _ in 0..<steps {
      guard let direction = here.newton() else { return prices }
      let descent = dot(here.gradient, direction)
      guard descent < 0 else { return prices }
      // Not quite to the wall.
      var length = 1.0
      for row in prices.indices where direction[row] != 0 {
        let wall = direction[row] < 0 ? -prices[row] : ceiling - prices[row]
        length = min(length, 0.95 * wall / direction[row])
      }
      var moved = false
      for _ in 0..<20 {
        let candidate = prices.indices.map { prices[$0] + length * direction[$0] }
        let there = slope(at: candidate, temperature)
        // Convex along the line: no longer downhill means the bottom was crossed; far uphill is too far.
        if dot(there.gradient, direction) <= -0.5 * descent {
          prices = candidate
          here = there
          moved = true
          break
        }
        length *= 0.5
      }
      let small = direction.indices.allSatisfy { abs(direction[$0]) * length <= 0.01 * temperature }
      if !moved || small { return prices }
    }
    return prices
  }

}
