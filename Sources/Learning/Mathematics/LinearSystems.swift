func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

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

/// Solves large symmetric positive definite systems that are known by their products alone (Hestenes and Stiefel 1952).
enum ConjugateGradients {
  /// Good to a hundredth of the right side, or as far as `steps` go.
  /// - Parameter diagonal: of the matrix, above 0: what it is preconditioned by.
  static func solve(
    _ right: [Double], diagonal: [Double], steps: Int, _ product: ([Double]) -> [Double]
  ) -> [Double]? {
    var x = [Double](repeating: 0, count: right.count)
    var rest = right
    var scaled = zip(rest, diagonal).map { $0 / $1 }
    var direction = scaled
    var size = dot(rest, scaled)
    let enough = 1e-4 * size
    for _ in 0..<steps where size > enough {
      let image = product(direction)
      let curvature = dot(direction, image)
      guard curvature > 0, curvature < .infinity else { return nil }
      let length = size / curvature
      for index in x.indices {
        x[index] += length * direction[index]
        rest[index] -= length * image[index]
      }
      scaled = zip(rest, diagonal).map { $0 / $1 }
      let next = dot(rest, scaled)
      let share = next / size
      for index in direction.indices { direction[index] = scaled[index] + share * direction[index] }
      size = next
    }
    return x
  }
}
