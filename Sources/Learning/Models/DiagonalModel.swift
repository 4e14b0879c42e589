public import AttuneModel

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
    let step = KalmanStep(mean: before.mean, variance: before.variance, clicked: clicked, weight: weight)
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
  private static func move(_ weight: inout Weight, _ value: Double, _ step: KalmanStep) {
    let product = weight.y * value
    weight.x += step.gain * product
    weight.y = max(0, weight.y - step.shrink * product * product)
  }
}

extension DiagonalModel {
  public mutating func merge(_ other: DiagonalModel, since base: DiagonalModel) throws(ModelError) {
    guard dimensions == other.dimensions, dimensions == base.dimensions, prior == other.prior, prior == base.prior,
      copies == other.copies, copies == base.copies
    else { throw .otherBase }
    var merged = self
    merged.observed = observed + other.observed - base.observed
    merged.age = age + other.age - base.age
    for index in shared.indices {
      guard let sum = Self.sum(shared[index], other.shared[index], base.shared[index]) else { throw .nothingLeft }
      merged.shared[index] = sum
    }
    for copy in blocks.indices {
      let (mine, theirs, common) = (aged(copy), other.aged(copy), base.aged(copy))
      let isKept = !mine.isEmpty && !theirs.isEmpty && !common.isEmpty
      merged.blocks[copy] = Block(weights: isKept ? mine : [], asOf: merged.age)
      for index in merged.blocks[copy].weights.indices {
        guard let sum = Self.sum(mine[index], theirs[index], common[index]) else { throw .nothingLeft }
        merged.blocks[copy].weights[index] = sum
      }
    }
    self = merged
  }

  private func aged(_ copy: Int) -> [Weight] {
    let waited = prior.drift * (age - blocks[copy].asOf)
    return blocks[copy].weights.map { Weight($0.x, $0.y + waited) }
  }

  private static func sum(_ mine: Weight, _ theirs: Weight, _ common: Weight) -> Weight? {
    let precision = 1 / mine.y + 1 / theirs.y - 1 / common.y
    let pull = mine.x / mine.y + theirs.x / theirs.y - common.x / common.y
    guard precision > 0, precision.isFinite, pull.isFinite else { return nil }
    return Weight(pull / precision, 1 / precision)
  }
}

extension DiagonalModel {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(dimensions)
    writer.write(prior)
    writer.write(observed)
    writer.write(age)
    for weight in shared { writer.write(weight) }
    writer.write(blocks.count)
    for block in blocks {
      writer.write(block.asOf)
      writer.write(!block.weights.isEmpty)
      for weight in block.weights { writer.write(weight) }
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(dimensions: try reader.dimensions(version: Self.version), copies: 0, try reader.read())
    observed = try reader.finite()
    age = try reader.finite()
    for index in shared.indices { shared[index] = try reader.weight() }
    for _ in 0..<(try reader.copies()) {
      var block = Block(weights: [], asOf: try reader.finite())
      if try reader.read() {
        for _ in 0..<dimensions { block.weights.append(try reader.weight()) }
      }
      blocks.append(block)
    }
  }
}

extension ByteReader {
  fileprivate mutating func weight() throws(BinaryError) -> DiagonalModel.Weight {
    let weight = DiagonalModel.Weight(try finite(), try finite())
    guard weight.y >= 0 else { throw BinaryError.invalid("a variance", at: position) }
    return weight
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ weight: DiagonalModel.Weight) {
    write(weight.x)
    write(weight.y)
  }
}
