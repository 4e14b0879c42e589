/// Integrals of one variable by the Gauss-Kronrod rule of 7 and 15 points, halving where the two disagree.
enum Quadrature {
  private static let nodes: [Double] = [
    0.991455371120812639206854697526329, 0.949107912342758524526189684047851, 0.864864423359769072789712788640926,
    0.741531185599394439863864773280788, 0.586087235467691130294144691693013, 0.405845151377397166906606412076961,
    0.207784955007898467600689403773245,
  ]
  private static let weights: [Double] = [
    0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518,
    0.140653259715525918745189590510238, 0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
    0.204432940075298892414161999234649,
  ]
  /// Of the seven, which are the nodes at odd places; the middle's last.
  private static let sevenWeights: [Double] = [
    0.129484966168869693270611432679082, 0.279705391489276667901467771423780, 0.381830050505118944950369775488975,
    0.417959183673469387755102040816327,
  ]
  private static let middleWeight = 0.209482141084727828012999174891714

  /// - Parameter tolerance: of the whole, absolute.
  static func integral(
    from low: Double, to high: Double, panels: Int, tolerance: Double, _ function: (Double) -> Double
  ) -> Double {
    guard low < high, panels > 0 else { return 0 }
    let width = (high - low) / Double(panels)
    var sum = 0.0
    for panel in 0..<panels {
      let start = low + Double(panel) * width
      sum += refined(start, start + width, tolerance / Double(panels), depth: 40, function)
    }
    return sum
  }

  private static func refined(
    _ low: Double, _ high: Double, _ tolerance: Double, depth: Int, _ function: (Double) -> Double
  ) -> Double {
    let (center, half) = ((low + high) / 2, (high - low) / 2)
    let middle = function(center)
    var (fine, coarse) = (middleWeight * middle, sevenWeights[3] * middle)
    for index in 0..<7 {
      let pair = function(center - half * nodes[index]) + function(center + half * nodes[index])
      fine += weights[index] * pair
      if index % 2 == 1 { coarse += sevenWeights[index / 2] * pair }
    }
    guard (fine - coarse).magnitude * half > tolerance, depth > 0 else { return fine * half }
    return refined(low, center, tolerance / 2, depth: depth - 1, function)
      + refined(center, high, tolerance / 2, depth: depth - 1, function)
  }
}
