/// Weights of each copy alone, with their full covariance: copies teach each other nothing.
public struct FullModel: ClickModel {
  public let dimensions: Int
  public let prior: Prior
  public internal(set) var observed: Double = 0
  /// Weight that was ever learned, also what was taken back: the clock of drift.
  var age: Double = 0
  /// The means, then the rows of the covariance.
  var blocks: [RowBlock]

  public init(dimensions: Int, copies: Int, _ prior: Prior = Prior()) {
    self.dimensions = min(max(1, dimensions), Context.mostDimensions)
    self.prior = prior
    blocks = []
    for _ in 0..<min(max(0, copies), Prior.mostCopies) { add(copy: nil) }
  }

  public var copies: Int { blocks.count }

  var width: Int { Vectors.fours(dimensions) }

  public mutating func add(copy belief: Score?) {
    let (count, width) = (dimensions, width)
    var fours = [Four](repeating: .zero, count: (count + 1) * width)
    let own = prior.own(belief)
    Vectors.withDoubles(&fours) { doubles in
      doubles[0] = prior.logOdds + own.mean
      for index in 0..<count {
        doubles[(index + 1) * width * 4 + index] =
          index == 0 ? prior.sharedBias + own.variance : prior.shared + prior.own
      }
    }
    blocks.append(RowBlock(fours: fours, asOf: age))
  }

  public mutating func withdraw(copy: Int) {
    guard blocks.indices ~= copy else { return }
    blocks[copy] = RowBlock(fours: [], asOf: age)
  }

  public func score(_ context: Context, copy: Int) -> Score {
    guard blocks.indices ~= copy, !blocks[copy].fours.isEmpty else { return prior.score(context) }
    guard context.dimensions == dimensions else { return score(Context(dimensions: dimensions), copy: copy) }
    let width = width
    let block = blocks[copy]
    let waited = prior.drift * (age - block.asOf)
    return withUnsafeTemporaryAllocation(of: Four.self, capacity: width) { scratch in
      block.fours.withUnsafeBufferPointer { own in
        guard let c = scratch.baseAddress, let own = own.baseAddress else { return prior.score(context) }
        Vectors.combine(own + width, context, into: c, width)
        let variance = Vectors.dot(c, context) + (waited > 0 ? waited * context.squaredLength : 0)
        return Score(mean: Vectors.dot(own, context), variance: max(0, variance))
      }
    }
  }

  @discardableResult
  public mutating func update(_ context: Context, copy: Int, clicked: Bool, weight: Double) -> Score? {
    guard context.dimensions == dimensions, blocks.indices ~= copy, !blocks[copy].fours.isEmpty,
      weight.magnitude <= Prior.largestWeight
    else { return nil }
    let (count, width) = (dimensions, width)
    observed += weight
    age += max(0, weight)
    let waited = prior.drift * (age - blocks[copy].asOf)
    blocks[copy].asOf = age
    return blocks[copy].fours.withUnsafeMutableBufferPointer { own in
      withUnsafeTemporaryAllocation(of: Four.self, capacity: width) { scratch in
        guard let c = scratch.baseAddress, let own = own.baseAddress else { return nil }
        let covariance = own + width
        Vectors.combine(covariance, context, into: c, width)
        let before = Score(mean: Vectors.dot(own, context), variance: max(0, Vectors.dot(c, context)))
        let step = Step(mean: before.mean, variance: before.variance, clicked: clicked, weight: weight)
        Vectors.add(step.gain, c, to: own, width)
        Vectors.addProduct(-step.shrink, c, c, to: covariance, count, width)
        if waited > 0 { Vectors.addDiagonal(waited, to: covariance, count, width) }
        return before
      }
    }
  }
}
