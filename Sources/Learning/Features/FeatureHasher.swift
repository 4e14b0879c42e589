public import AttuneModel

/// Named features as a context of a fixed number of dimensions.
///
/// A text or a boolean stands as a 1 at the place its name and value hash to. A number stands between two places, those
/// of the whole octaves log2(1 + |x|) below and above it, with a share of the 1 at each: an age and an amount need no
/// scaling, and neither an instant nor a fortune outweighs what else is known. Of a list every element counts. What
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
      let octaves = Elementary.log(1 + number.magnitude) / 0.6931471805599453
      let below = Int(octaves)
      let sign = number < 0 ? "-" : "+"
      sums[place(of: name, sign + String(below))] += 1 - (octaves - Double(below))
      sums[place(of: name, sign + String(below + 1))] += octaves - Double(below)
    case .list(let values):
      guard !isElement else { throw .list(name) }
      for value in values { try add(name, value, isElement: true, to: &sums) }
    }
  }

  private func place(of name: String, _ value: String) -> Int {
    var hash = StableHash(seed: 0xF1)
    hash.combine(name)
    hash.combine(value)
    return 1 + Int(hash.value() % UInt64(dimensions - 1))
  }
}
