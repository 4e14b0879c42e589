public import AttuneModel

/// The words for one user, and how they came to be chosen.
public struct Wording: Hashable, Sendable {
  /// The material's id.
  public let material: String
  public let title: String
  public let body: String
  /// For the trace: `fixed`, `weighted 0.3 of 1`, and which others could not be filled.
  public let how: String

  public init(material: String, title: String, body: String, how: String) {
    self.material = material
    self.title = title
    self.body = body
    self.how = how
  }
}

/// No material can be filled for this user.
public struct NoMaterial: Error, Hashable, Sendable {
  /// What each of them misses.
  public let reason: String

  public init(reason: String) { self.reason = reason }
}

extension MaterialSet {
  /// Chooses and fills one. The same user, business and round always get the same; a material that misses a value
  /// is left out, and the others are asked by the same rule.
  public func choose(
    user: String, business: String, round: UInt64, lookup: (String) -> Value?
  ) -> Result<Wording, NoMaterial> {
    var remaining = eligible
    var failures: [String] = []
    while !remaining.isEmpty {
      let (index, how) = draw(from: remaining) {
        StableHash.of("material", business, user, String(failures.count), seed: round).fraction()
      }
      let material = remaining.remove(at: index)
      switch material.fill(lookup) {
      case .success(let words):
        let after = failures.isEmpty ? "" : "; " + Self.summary(failures)
        return .success(Wording(material: material.id, title: words.title, body: words.body, how: how + after))
      case .failure(let missing): failures.append("'\(material.id)' has \(missing)")
      }
    }
    return .failure(NoMaterial(reason: Self.summary(failures)))
  }

  private func draw(from materials: [Material], _ chance: () -> Double) -> (index: Int, how: String) {
    guard method == .weighted else { return (0, "fixed") }
    let total = materials.reduce(0) { $0 + $1.weight }
    var left = chance() * total
    // Rounding may leave a little at the end: it is the last one's.
    let index = materials.firstIndex { material in
      left -= material.weight
      return left < 0
    }
    let chosen = index ?? materials.count - 1
    return (chosen, "weighted \(Self.short(materials[chosen].weight)) of \(Self.short(total))")
  }

  private static func short(_ number: Double) -> String {
    Value.number((number * 10_000).rounded() / 10_000).description
  }

  /// The first few, so that a trace stays small.
  private static func summary(_ failures: [String]) -> String {
    let shown = failures.prefix(3).joined(separator: ", ")
    return failures.count > 3 ? shown + " and \(failures.count - 3) more" : shown
  }
}
