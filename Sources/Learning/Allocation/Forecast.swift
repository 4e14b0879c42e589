/// What an earlier day teaches: its prices, and when it sent what. The window is cut into equal segments.
public struct Forecast: Hashable, Sendable {
  /// The earlier day's, at its end.
  public let prices: Prices
  /// Arrivals of each segment.
  public let arrivals: [Int]
  /// Sends of each segment: one number for all copies, or one a copy.
  public let sends: [[Int]]

  /// - Returns: nil when there is no segment, or lists of different lengths, or nothing was sent, or a number below 0.
  public init?(prices: Prices, arrivals: [Int], sends: [[Int]]) {
    guard let width = sends.first?.count, width > 0, arrivals.count == sends.count else { return nil }
    guard sends.allSatisfy({ $0.count == width && $0.allSatisfy((0...Quotas.limit).contains) }),
      arrivals.allSatisfy((0...Quotas.limit).contains), sends.contains(where: { $0.contains { $0 > 0 } }),
      arrivals.contains(where: { $0 > 0 })
    else { return nil }
    self.prices = prices
    self.arrivals = arrivals
    self.sends = sends
  }
}

/// A share that grows from 0 to 1 over the window, straight within a segment.
struct Curve: Hashable, Sendable {
  /// At the ends of the segments, the first of them 0.
  private let points: [Double]

  /// Flat when the amounts are all 0.
  init(_ amounts: [Double]) {
    let sum = amounts.reduce(0, +)
    var points = [0.0]
    var reached = 0.0
    for (index, amount) in amounts.enumerated() {
      reached += amount
      points.append(sum > 0 ? reached / sum : Double(index + 1) / Double(amounts.count))
    }
    self.points = points.count > 1 ? points : [0, 1]
  }

  static let flat = Curve([1])

  /// - Parameter x: from 0 to 1 of the window.
  func callAsFunction(_ x: Double) -> Double {
    let at = min(max(x, 0), 1) * Double(points.count - 1)
    let segment = min(Int(at), points.count - 2)
    return points[segment] + (points[segment + 1] - points[segment]) * (at - Double(segment))
  }
}

extension Forecast {
  /// The share of a quota's sends that is made up to each moment.
  func curve(of members: [Int]) -> Curve {
    let own = members.allSatisfy { $0 < sends[0].count } && sends[0].count > 1
    let curve = sends.map { row in own ? members.reduce(0) { $0 + Double(row[$1]) } : row.reduce(0) { $0 + Double($1) }
    }
    return curve.contains { $0 > 0 } ? Curve(curve) : total
  }

  /// The share of all sends that is made up to each moment.
  var total: Curve { Curve(sends.map { $0.reduce(0) { $0 + Double($1) } }) }

  /// Sends for an arrival, over the whole window.
  var rate: Double {
    let sent = sends.reduce(0) { $1.reduce($0) { $0 + Double($1) } }
    return sent / arrivals.reduce(0) { $0 + Double($1) }
  }
}
