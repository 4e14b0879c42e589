public import Model

/// Named features, and texts, as a context of a fixed number of dimensions.
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

  /// What a copy says: its words in lower case; where a script has no spaces, every two characters beside each other.
  /// Of length 1 without the bias, so that a long text weighs no more than a short one; signs of the hash keep
  /// collisions from adding up.
  public func context(text: String) -> Context {
    var sums = [Double](repeating: 0, count: dimensions)
    for token in Self.tokens(of: text) {
      let hash = StableHash.of(token, seed: 0x7E).value()
      sums[1 + Int((hash >> 1) % UInt64(dimensions - 1))] += hash & 1 == 0 ? 1 : -1
    }
    let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if length > 0 { for index in sums.indices { sums[index] /= length } }
    return Context(dimensions: dimensions, sums: sums)
  }

  static func tokens(of text: String) -> [String] {
    var tokens: [String] = []
    var word = ""
    var last: Character?
    func end() {
      if !word.isEmpty { tokens.append(word) }
      word = ""
    }
    for character in text {
      if character.isUnspaced {
        end()
        if let last { tokens.append(String([last, character])) }
        last = character
      } else {
        last = nil
        if character.isLetter || character.isNumber { word += character.lowercased() } else { end() }
      }
    }
    end()
    return tokens
  }
}

extension Character {
  /// Of a script that is written without spaces: Chinese and Japanese.
  fileprivate var isUnspaced: Bool {
    guard let scalar = unicodeScalars.first?.value else { return false }
    return 0x3040...0x30FF ~= scalar || 0x3400...0x9FFF ~= scalar || 0xF900...0xFAFF ~= scalar
      || 0x20000...0x3FFFF ~= scalar
  }
}
