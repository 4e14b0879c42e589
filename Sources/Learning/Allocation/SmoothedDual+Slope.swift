extension SmoothedDual {
  /// Gradient and curvature in the prices.
  struct Slope {
    var gradient: [Double]
    /// Minus the inverse curvature times the gradient: the step to the minimum of the parabola; nil when there is none.
    var newton: () -> [Double]?
  }

  /// Beyond so many prices their curvature is not written out: its products with a direction take far less.
  private static let mostWritten = 48

  func slope(at prices: [Double], _ temperature: Double) -> Slope {
    let isWritten = rows.count <= Self.mostWritten
    let shares = shares(costs(prices), temperature, products: isWritten)
    var gradient = [Double](repeating: 0, count: rows.count)
    var barriers = gradient
    for row in rows.indices {
      let used = members[row].reduce(0) { $0 + shares.sums[$1] } * Double(stride)
      // The barriers weigh as much as a row of the table.
      let (below, above) = (prices[row], ceiling - prices[row])
      gradient[row] = rows[row].sign * (limits[row] - used) - temperature / below + temperature / above
      barriers[row] = temperature / (below * below) + temperature / (above * above)
    }
    return Slope(gradient: gradient) {
      let step =
        isWritten
        ? Cholesky.solve(curvature(shares, barriers, temperature), gradient)
        : iterated(shares, barriers, temperature, gradient)
      return step?.map { -$0 }
    }
  }

  /// Symmetric, row by row.
  private func curvature(_ shares: Shares, _ barriers: [Double], _ temperature: Double) -> [Double] {
    var curvature = [Double](repeating: 0, count: rows.count * rows.count)
    let scale = Double(stride) / temperature
    for i in rows.indices {
      for j in 0...i {
        var sum = 0.0
        for a in members[i] {
          for b in members[j] { sum += (a == b ? shares.sums[a] : 0) - shares.products[a * copies + b] }
        }
        sum *= rows[i].sign * rows[j].sign * scale
        if i == j { sum += barriers[i] }
        curvature[i * rows.count + j] = sum
        curvature[j * rows.count + i] = sum
      }
    }
    return curvature
  }

  private func iterated(
    _ shares: Shares, _ barriers: [Double], _ temperature: Double, _ gradient: [Double]
  ) -> [Double]? {
    let scale = Double(stride) / temperature
    let diagonal = rows.indices.map { row in
      barriers[row] + scale * members[row].reduce(0) { $0 + shares.spreads[$1] }
    }
    return ConjugateGradients.solve(gradient, diagonal: diagonal, steps: 40) { direction in
      let moved = costs(direction)
      var used = moved.indices.map { shares.sums[$0] * moved[$0] }
      var place = 0
      for end in shares.ends {
        var mean = 0.0
        for index in place..<end { mean += shares.parts[index] * moved[shares.near[index]] }
        for index in place..<end { used[shares.near[index]] -= shares.parts[index] * mean }
        place = end
      }
      return rows.indices.map { row in
        rows[row].sign * scale * members[row].reduce(0) { $0 + used[$1] } + barriers[row] * direction[row]
      }
    }
  }

  struct Shares {
    /// Of each copy: its share of a row of the table, summed over the rows.
    var sums: [Double]
    /// The same of share times the rest of it.
    var spreads: [Double]
    /// Of two copies: the products of their shares, where these were asked for.
    var products: [Double] = []
    /// Else of every row where several have a share: who has, how much, and where the row ends.
    var near: [Int] = []
    var parts: [Double] = []
    var ends: [Int] = []
  }

  private func shares(_ costs: [Double], _ temperature: Double, products isWritten: Bool) -> Shares {
    var shares = Shares(
      sums: [Double](repeating: 0, count: copies), spreads: [Double](repeating: 0, count: copies),
      products: [Double](repeating: 0, count: isWritten ? copies * copies : 0))
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
      for copy in near {
        nets[copy] = near.count == 1 && total == 0 ? 1 : Elementary.exp((nets[copy] - best) / temperature)
        total += nets[copy]
      }
      for copy in near { nets[copy] /= total }
      for copy in near {
        shares.sums[copy] += nets[copy]
        shares.spreads[copy] += nets[copy] * (1 - nets[copy])
        if isWritten {
          for other in near { shares.products[copy * copies + other] += nets[copy] * nets[other] }
        } else {
          shares.near.append(copy)
          shares.parts.append(nets[copy])
        }
      }
      if !isWritten { shares.ends.append(shares.near.count) }
    }
    return shares
  }
}
