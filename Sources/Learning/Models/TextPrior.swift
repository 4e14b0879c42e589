public import Model

/// What the texts of earlier copies teach of a new one: a linear regression of the copies' log odds on their words.
///
/// Words foretell little: the belief it gives is wide, a place to start from and never a decision.
public struct TextPrior: Hashable, Sendable {
  private let hasher: FeatureHasher
  private var means: [Double]
  private var covariance: Matrix

  /// Variance of a word's weight, and of what words do not tell of a copy; in squared log odds.
  private static let word = 0.05
  private static let rest = 0.08

  public init(dimensions: Int = 128) {
    hasher = FeatureHasher(dimensions: min(dimensions, 1024))
    means = [Double](repeating: 0, count: hasher.dimensions)
    covariance = Matrix(hasher.dimensions)
    for index in 1..<hasher.dimensions { covariance[index, index] = Self.word }
  }

  /// A new copy's log odds beside the average copy's, for `add(copy:)`.
  public func belief(of text: String) -> Score {
    let words = hasher.context(text: text).terms.dropFirst()
    let products = products(words)
    return Score(mean: dot(words, means), variance: max(0, dot(words, products)) + Self.rest)
  }

  /// How a copy did.
  /// - Parameters:
  ///   - clicks, sends: counts; impossible ones teach nothing.
  ///   - rate: click rate of the average copy for the same audience, between 0 and 1.
  public mutating func learn(_ text: String, clicks: Int, sends: Int, beside rate: Double) {
    guard clicks >= 0, sends > 0, clicks <= sends, rate > 1e-9, rate < 1 - 1e-9 else { return }
    let words = hasher.context(text: text).terms.dropFirst()
    // As if one more had been sent, at the average rate: no clicks at all are not minus infinity.
    let own = min(max((Double(clicks) + rate) / (Double(sends) + 1), 1e-9), 1 - 1e-9)
    let noise = 1 / ((Double(sends) + 1) * own * (1 - own)) + Self.rest
    let products = products(words)
    let scale = 1 / (noise + max(0, dot(words, products)))
    let surprise = Elementary.logit(own) - Elementary.logit(rate) - dot(words, means)
    for row in means.indices where products[row] != 0 {
      means[row] += surprise * scale * products[row]
      for column in means.indices { covariance[row, column] -= scale * products[row] * products[column] }
    }
  }

  private func products(_ words: ArraySlice<Context.Term>) -> [Double] {
    var products = [Double](repeating: 0, count: means.count)
    for word in words {
      for index in products.indices { products[index] += word.value * covariance[Int(word.index), index] }
    }
    return products
  }

  private func dot(_ words: ArraySlice<Context.Term>, _ values: [Double]) -> Double {
    words.reduce(0) { $0 + $1.value * values[Int($1.index)] }
  }
}

extension TextPrior: BinaryCodable {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(hasher.dimensions)
    for value in means + covariance.values { writer.write(value) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(dimensions: try reader.dimensions(version: Self.version))
    for index in means.indices { means[index] = try reader.finite() }
    for index in covariance.values.indices { covariance.values[index] = try reader.finite() }
  }
}
