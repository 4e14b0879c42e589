/// Shared weights and weights of each copy, every weight on its own: for many features, and for speed.
public struct DiagonalModel: ClickModel {
  public let dimensions: Int
  public let prior: Prior
  public internal(set) var observed: Double = 0
  /// Weight that was ever learned, also what was taken back: the clock of drift.
  var age: Double = 0
  var shared: [Weight]
  var blocks: [Block]

  /// Its mean, and its variance.
  typealias Weight = SIMD2<Double>

  /// Empty when the copy was withdrawn.
  struct Block: Hashable, Sendable {
    var weights: [Weight]
    var asOf: Double
  }

  public init(dimensions: Int, copies: Int, _ prior: Prior = Prior()) {
    self.dimensions = min(max(1, dimensions), Context.mostDimensions)
    self.prior = prior
    shared = (0..<self.dimensions).map { index in
      index == 0
        ? Weight(prior.logOdds, prior.sharedBias) : Weight(0, prior.shared)
    }
    blocks = []
    for _ in 0..<min(max(0, copies), Prior.mostCopies) { add(copy: nil) }
  }

  public var copies: Int { blocks.count }

  public mutating func add(copy belief: Score?) {
    var weights = [Weight](repeating: Weight(0, prior.own), count: dimensions)
    let own = prior.own(belief)
    weights[0] = Weight(own.mean, own.variance)
    blocks.append(Block(weights: weights, asOf: age))
  }

  public mutating func withdraw(copy: Int) {
    guard blocks.indices ~= copy else { return }
    blocks[copy] = Block(weights: [], asOf: age)
  }

  public func score(_ context: Context, copy: Int) -> Score {
    guard blocks.indices ~= copy, !blocks[copy].weights.isEmpty else { return prior.score(context) }
    guard context.dimensions == dimensions else { return score(Context(dimensions: dimensions), copy: copy) }
    let waited = prior.drift * (age - blocks[copy].asOf)
    return blocks[copy].weights.withUnsafeBufferPointer { own in
      shared.withUnsafeBufferPointer { shared in
        var (even, odd) = (Weight.zero, Weight.zero)
        for (place, term) in context.terms.enumerated() {
          let index = Int(term.index)
          let part = Weight(term.value, term.value * term.value) * (own[index] + shared[index])
          if place & 1 == 0 { even += part } else { odd += part }
        }
        let sum = even + odd
        return Score(mean: sum.x, variance: sum.y + (waited > 0 ? waited * context.squaredLength : 0))
      }
    }
  }

  @discardableResult
  public mutating func update(_ context: Context, copy: Int, clicked: Bool, weight: Double) -> Score? {
    guard context.dimensions == dimensions, blocks.indices ~= copy, !blocks[copy].weights.isEmpty,
      weight.magnitude <= Prior.largestWeight
    else { return nil }
    let drift = prior.drift
    let before = score(context, copy: copy)
    let step = Step(mean: before.mean, variance: before.variance, clicked: clicked, weight: weight)
    let waited = drift * (age - blocks[copy].asOf)
    observed += weight
    age += max(0, weight)
    blocks[copy].asOf = age
    if waited > 0 { for index in 0..<dimensions { blocks[copy].weights[index].y += waited } }
    blocks[copy].weights.withUnsafeMutableBufferPointer { own in
      shared.withUnsafeMutableBufferPointer { shared in
        for term in context.terms {
          Self.move(&own[Int(term.index)], term.value, step)
          Self.move(&shared[Int(term.index)], term.value, step)
        }
        guard drift > 0 else { return }
        for index in own.indices {
          own[index].y += drift * max(0, weight)
          shared[index].y += drift * max(0, weight)
        }
      }
    }
    return before
  }

  /// The marginal of the full step: exact for the weight's own variance.
  @inline(__always)
  private static func move(_ weight: inout Weight, _ value: Double, _ step: Step) {
    let product = weight.y * value
    weight.x += step.gain * product
    weight.y = max(0, weight.y - step.shrink * product * product)
  }
}
