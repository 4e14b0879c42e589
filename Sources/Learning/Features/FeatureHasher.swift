public import Model

/// Named features as a context of a fixed number of dimensions.
///
/// A text or a boolean stands as a 1 at the place its name and value hash to; a number at its name's place, with the
/// value sign(x) ln(1 + |x|), so that an age and an amount need no scaling; of a list every element counts. What
/// collides adds up.
public struct FeatureHasher: Hashable, Sendable {
  /// With the bias.
  public let dimensions: Int

  public init(dimensions: Int = 64) { self.dimensions = min(max(2, dimensions), Context.mostDimensions) }

  /// The features of a user and a moment.
  public func context(_ features: [Property]) throws(FeatureError) -> Context {
    var sums = [Double](repeating: 0, count: dimensions)
    for feature in features { try add(feature.name, feature.value, isElement: false, to: &sums) }
    return Context(dimensions: dimensions, sums: sums)
  }

  private func add(
    _ name: String, _ value: Value, isElement: Bool, to sums: inout [Double]
  ) throws(FeatureError) {
    switch value {
    case .string(let text): sums[place(of: name, text)] += 1
    case .bool(let flag): sums[place(of: name, flag ? "true" : "false")] += 1
    case .number(let number):
      guard number.isFinite else { throw .notFinite(name) }
      let size = Elementary.log(1 + number.magnitude)
      sums[place(of: name, nil)] += number < 0 ? -size : size
    case .list(let values):
      guard !isElement else { throw .list(name) }
      for value in values { try add(name, value, isElement: true, to: &sums) }
    }
  }

  private func place(of name: String, _ value: String?) -> Int {
    var hash = StableHash(seed: 0xF1)
    hash.combine(name)
    if let value { hash.combine(value) }
    return 1 + Int(hash.value() % UInt64(dimensions - 1))
  }
}
