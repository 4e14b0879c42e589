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

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Gradient and curvature in the prices.
  struct Slope {
    var gradient: [Double]
    /// Symmetric, row by row.
    var curvature: [Double]

    /// The step to the minimum of the parabola; nil when there is none.
    func newton() -> [Double]? {
      Cholesky.solve(curvature, gradient)?.map { -$0 }
    }
  }

  private func slope(at prices: [Double], _ temperature: Double) -> Slope {
    let tally = shares(costs(prices), temperature)
    let scale = Double(stride)
    var gradient = [Double](repeating: 0, count: rows.count)
    var curvature = [Double](repeating: 0, count: rows.count * rows.count)
    for i in rows.indices {
      let used = members[i].reduce(0) { $0 + tally.sums[$1] } * scale
      // The barriers weigh as much as a row of the table.
      let above = ceiling - prices[i]
      gradient[i] = rows[i].sign * (limits[i] - used) - temperature / prices[i] + temperature / above
      for j in 0...i {
        var sum = 0.0
        for a in members[i] {
          for b in members[j] { sum += (a == b ? tally.sums[a] : 0) - tally.products[a * copies + b] }
        }
        sum *= rows[i].sign * rows[j].sign * scale / temperature
        if i == j { sum += temperature / (prices[i] * prices[i]) + temperature / (above * above) }
        curvature[i * rows.count + j] = sum
        curvature[j * rows.count + i] = sum
      }
    }
    return Slope(gradient: gradient, curvature: curvature)
  }

  private struct Shares {
    /// Of each copy: its share of a row, summed over the rows.
    var sums: [Double]
    /// Of two copies: the products of their shares.
    var products: [Double]
  }

  private func shares(_ costs: [Double], _ temperature: Double) -> Shares {
    var sums = [Double](repeating: 0, count: copies)
    var products = [Double](repeating: 0, count: copies * copies)
    var nets = [Double](repeating: 0, count: copies)
    var near: [Int] = []
    near.reserveCapacity(copies)
    // e to the -30: below what a sum of millions of rows would show.
    let reach = 30 * temperature
    for start in Swift.stride(from: 0, to: count * copies, by: copies * stride) {
      var best = 0.0
      for copy in 0..<copies {
        let value = Double(values[start + copy])
        nets[copy] = value < .infinity ? value - costs[copy] : -.infinity
        if nets[copy] > best { best = nets[copy] }
      }
      near.removeAll(keepingCapacity: true)
      for copy in 0..<copies where nets[copy] > best - reach { near.append(copy) }
      var total = best < reach ? Elementary.exp(-best / temperature) : 0
      if near.count == 1, total == 0 {
        sums[near[0]] += 1
        products[near[0] * copies + near[0]] += 1
        continue
      }
      for copy in near {
        nets[copy] = Elementary.exp((nets[copy] - best) / temperature)
        total += nets[copy]
      }
      for copy in near { nets[copy] /= total }
      for copy in near {
        sums[copy] += nets[copy]
        for other in near { products[copy * copies + other] += nets[copy] * nets[other] }
      }
    }
    return Shares(sums: sums, products: products)
  }
}

/// Solves symmetric positive definite systems.
enum Cholesky {
  /// nil when the matrix is not positive definite.
  static func solve(_ matrix: [Double], _ right: [Double]) -> [Double]? {
    let n = right.count
    var l = matrix
    for i in 0..<n {
      for j in 0...i {
        var sum = l[i * n + j]
        for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
        if i == j {
          guard sum > 0, sum < .infinity else { return nil }
          l[i * n + i] = sum.squareRoot()
        } else {
          l[i * n + j] = sum / l[j * n + j]
        }
      }
    }
    var x = right
    for i in 0..<n {
      for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
      x[i] /= l[i * n + i]
    }
    for i in (0..<n).reversed() {
      for k in (i + 1)..<max(n, i + 1) { x[i] -= l[k * n + i] * x[k] }
      x[i] /= l[i * n + i]
    }
    return x
  }
}
