import AttuneModel
import Learning

/// An invented audience whose click probabilities are known: what a learner is measured in.
///
/// SMART-PUSH.md defines the three. Weights and users are drawn from the seed, users one after another.
public struct ClickEnvironment: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Twenty normal features, weights of each copy alone.
    case dense
    /// Four categorical features of five levels; weights shared by the copies, and of each.
    case push
    /// Dense; half-way each copy takes over the next one's weights.
    case drift
  }

  public static let features = 20
  public static let copies = 5

  public let kind: Kind
  public let rounds: Int
  /// Of each copy, the bias first.
  private let weights: [[Double]]
  private var generator: SeededGenerator
  private var round = 0

  public init(_ kind: Kind, rounds: Int, seed: UInt64) {
    self.kind = kind
    self.rounds = rounds
    var generator = SeededGenerator(seed: mix64(seed &+ 0xE4_71))
    switch kind {
    case .dense, .drift:
      weights = (0..<Self.copies).map { _ in
        let bias = Elementary.logit(0.05) + 0.3 * generator.normal()
        return [bias] + (0..<Self.features).map { _ in generator.normal() / Double(Self.features).squareRoot() }
      }
    case .push:
      let shared = (0..<Self.features).map { _ in 0.7 * 0.5 * generator.normal() }
      weights = (0..<Self.copies).map { _ in
        let bias = Elementary.logit(0.03) + 0.2 * generator.normal()
        return [bias] + shared.map { $0 + 0.7 * 0.35 * generator.normal() }
      }
    }
    self.generator = generator
  }

  /// The next user: what is known of them, and with what probability they click each copy.
  public mutating func next() -> (features: [Double], probabilities: [Double]) {
    var features = [Double](repeating: 0, count: Self.features)
    switch kind {
    case .dense, .drift: for index in features.indices { features[index] = generator.normal() }
    case .push:
      for group in 0..<4 { features[group * 5 + min(4, Int(generator.fraction() * 5))] = 1 }
    }
    let turn = kind == .drift && round >= rounds / 2 ? 1 : 0
    round += 1
    let probabilities = weights.indices.map { copy in
      let row = weights[(copy + turn) % weights.count]
      var z = row[0]
      for index in features.indices { z += row[index + 1] * features[index] }
      return Elementary.sigmoid(z)
    }
    return (features, probabilities)
  }
}
