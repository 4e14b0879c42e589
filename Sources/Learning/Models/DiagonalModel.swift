/// Shared weights and weights of each copy, every weight on its own: for many features, and for speed.
public struct DiagonalModel: ClickModel {
  public let dimensions: Int
  public let prior: Prior
  public internal(set) var observed: Double = 0
  /// Weight that was ever learned, also what was taken back: the clock of drift.
  var age: Double = 0
  var shared: [Weight]
  var blocks: [Block]

  struct Weight: Hashable, Sendable {
    var mean: Double
    var variance: Double
  }

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
        ? Weight(mean: prior.logOdds, variance: prior.sharedBias) : Weight(mean: 0, variance: prior.shared)
    }
    blocks = []
    for _ in 0..<min(max(0, copies), Prior.mostCopies) { add(copy: nil) }
  }

  public var copies: Int { blocks.count }

  public mutating func add(copy belief: Score?) {
    var weights = [Weight](repeating: Weight(mean: 0, variance: prior.own), count: dimensions)
    let own = prior.own(belief)
    weights[0] = Weight(mean: own.mean, variance: own.variance)
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
        var (mean, variance) = (0.0, 0.0)
        for term in context.terms {
          let index = Int(term.index)
          mean += term.value * (own[index].mean + shared[index].mean)
          variance += term.value * term.value * (own[index].variance + shared[index].variance + waited)
        }
        return Score(mean: mean, variance: variance)
      }
    }
  }

  @discardableResult
  public mutating func learn(_ context: Context, copy: Int, clicked: Bool, weight: Double = 1) -> Bool {
    guard weight > 0, weight <= Self.largestWeight else { return false }
    return take(context, copy: copy, clicked: clicked, weight: weight)
  }

  @discardableResult
  public mutating func unlearn(_ context: Context, copy: Int, clicked: Bool) -> Bool {
    take(context, copy: copy, clicked: clicked, weight: -1)
  }

  private mutating func take(_ context: Context, copy: Int, clicked: Bool, weight: Double) -> Bool {
    guard context.dimensions == dimensions, blocks.indices ~= copy, !blocks[copy].weights.isEmpty else { return false }
    let drift = prior.drift
    let before = score(context, copy: copy)
    let step = Step(mean: before.mean, variance: before.variance, clicked: clicked, weight: weight)
    let waited = drift * (age - blocks[copy].asOf)
    observed += weight
    age += max(0, weight)
    blocks[copy].asOf = age
    if waited > 0 { for index in 0..<dimensions { blocks[copy].weights[index].variance += waited } }
    blocks[copy].weights.withUnsafeMutableBufferPointer { own in
      shared.withUnsafeMutableBufferPointer { shared in
        for term in context.terms {
          Self.move(&own[Int(term.index)], term.value, step)
          Self.move(&shared[Int(term.index)], term.value, step)
        }
        guard drift > 0 else { return }
        for index in own.indices {
          own[index].variance += drift * max(0, weight)
          shared[index].variance += drift * max(0, weight)
        }
      }
    }
    return true
  }

  /// The marginal of the full step: exact for the weight's own variance.
  @inline(__always)
  private static func move(_ weight: inout Weight, _ value: Double, _ step: Step) {
    let product = weight.variance * value
    weight.mean += step.gain * product
    weight.variance = max(0, weight.variance - step.shrink * product * product)
  }
}
