import AttuneModel

@testable import Learning

/// The same beliefs with one covariance of everything, written as the formulas are: slow, and obvious.
struct PlainModel {
  let copies: Int
  let dimensions: Int
  var means: [Double]
  var covariance: Matrix
  let isShared: Bool

  init(dimensions: Int, copies: Int, _ prior: Prior, isShared: Bool) {
    self.copies = copies
    self.dimensions = dimensions
    self.isShared = isShared
    means = [Double](repeating: 0, count: dimensions * (copies + 1))
    covariance = Matrix(means.count)
    for index in means.indices {
      let isBias = index % dimensions == 0
      let isOwn = index >= dimensions
      var variance = isOwn ? (isBias ? prior.ownBias : prior.own) : (isBias ? prior.sharedBias : prior.shared)
      if !isShared { variance = isOwn ? variance + (isBias ? prior.sharedBias : prior.shared) : 0 }
      covariance[index, index] = variance
    }
    means[0] = prior.logOdds
  }

  private func features(_ context: Context, _ copy: Int) -> [Double] {
    var x = [Double](repeating: 0, count: means.count)
    for (index, value) in context.dense.enumerated() {
      x[index] = value
      x[(copy + 1) * dimensions + index] = value
    }
    return x
  }

  func score(_ context: Context, copy: Int) -> Score {
    let x = features(context, copy)
    return Score(mean: dot(x, means), variance: dot(x, covariance * x))
  }

  mutating func learn(_ context: Context, copy: Int, clicked: Bool) {
    let x = features(context, copy)
    let sx = covariance * x
    let p = Elementary.sigmoid(dot(x, means))
    let w = p * (1 - p)
    let damping = 1 + w * dot(x, sx)
    for row in means.indices {
      means[row] += sx[row] * ((clicked ? 1 : 0) - p) / damping
      for column in means.indices { covariance[row, column] -= w / damping * sx[row] * sx[column] }
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
