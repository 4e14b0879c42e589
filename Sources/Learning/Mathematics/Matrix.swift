/// A small square matrix, row by row, for what is done rarely: the algebra of merging beliefs.
struct Matrix: Hashable, Sendable {
  let count: Int
  var values: [Double]

  init(_ count: Int) {
    self.count = count
    values = [Double](repeating: 0, count: count * count)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * count + column] }
    set { values[row * count + column] = newValue }
  }

  static func * (a: Matrix, b: Matrix) -> Matrix {
    var product = Matrix(a.count)
    for row in 0..<a.count {
      for inner in 0..<a.count {
        let factor = a[row, inner]
        for column in 0..<a.count { product[row, column] += factor * b[inner, column] }
      }
    }
    return product
  }

  static func * (a: Matrix, x: [Double]) -> [Double] {
    (0..<a.count).map { row in
      var sum = 0.0
      for column in 0..<a.count { sum += a[row, column] * x[column] }
      return sum
    }
  }

  var transposed: Matrix {
    var other = self
    for row in 0..<count { for column in 0..<count { other[column, row] = self[row, column] } }
    return other
  }

  /// a + factor * b, in place.
  mutating func add(_ factor: Double, _ other: Matrix) {
    for index in values.indices { values[index] += factor * other.values[index] }
  }

  /// Of a symmetric positive definite matrix, by Cholesky's factors; nil when it is none.
  var inverse: Matrix? {
    guard let lower = cholesky else { return nil }
    var result = Matrix(count)
    var column = [Double](repeating: 0, count: count)
    for unit in 0..<count {
      for row in 0..<count {
        var sum = row == unit ? 1.0 : 0
        for inner in 0..<row { sum -= lower[row, inner] * column[inner] }
        column[row] = sum / lower[row, row]
      }
      for row in (0..<count).reversed() {
        var sum = column[row]
        for inner in row + 1..<max(count, row + 1) { sum -= lower[inner, row] * column[inner] }
        column[row] = sum / lower[row, row]
      }
      for row in 0..<count { result[row, unit] = column[row] }
    }
    return result
  }

  private var cholesky: Matrix? {
    var lower = Matrix(count)
    for row in 0..<count {
      for column in 0...row {
        var sum = self[row, column]
        for inner in 0..<column { sum -= lower[row, inner] * lower[column, inner] }
        if row == column {
          guard sum > 0, sum.isFinite else { return nil }
          lower[row, row] = sum.squareRoot()
        } else {
          lower[row, column] = sum / lower[column, column]
        }
      }
    }
    return lower
  }
}

extension Matrix {
  /// From rows padded to fours, the first of them at `row`.
  init(_ fours: [Four], row: Int, _ count: Int) {
    self.init(count)
    let width = Vectors.fours(count)
    for index in 0..<count * count {
      let column = index % count
      values[index] = fours[(row + index / count) * width + column / 4][column % 4]
    }
  }

  func write(to fours: inout [Four], row: Int) {
    let width = Vectors.fours(count)
    for index in 0..<count * count {
      let column = index % count
      fours[(row + index / count) * width + column / 4][column % 4] = values[index]
    }
  }
}
