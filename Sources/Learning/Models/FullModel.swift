public import AttuneModel

/// Weights of each copy alone, with their full covariance: copies teach each other nothing.
public struct FullModel: ClickModel {
  public let dimensions: Int
  public let prior: Prior
  public internal(set) var observed: Double = 0
  /// Weight that was ever learned, also what was taken back: the clock of drift.
  var age: Double = 0
  /// The means, then the rows of the covariance.
  var blocks: [CopyBelief]

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
    blocks.append(CopyBelief(fours: fours, asOf: age))
  }

  public mutating func withdraw(copy: Int) {
    guard blocks.indices ~= copy else { return }
    blocks[copy] = CopyBelief(fours: [], asOf: age)
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
        context.combine(own + width, into: c, width)
        let variance = context.dot(c) + (waited > 0 ? waited * context.squaredLength : 0)
        return Score(mean: context.dot(own), variance: max(0, variance))
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
        context.combine(covariance, into: c, width)
        let before = Score(mean: context.dot(own), variance: max(0, context.dot(c)))
        let step = KalmanStep(mean: before.mean, variance: before.variance, clicked: clicked, weight: weight)
        Vectors.add(step.gain, c, to: own, width)
        Vectors.addProduct(-step.shrink, c, c, to: covariance, count, width)
        if waited > 0 { Vectors.addDiagonal(waited, to: covariance, count, width) }
        return before
      }
    }
  }
}

extension FullModel {
  public mutating func merge(_ other: FullModel, since base: FullModel) throws(ModelError) {
    guard dimensions == other.dimensions, dimensions == base.dimensions, prior == other.prior, prior == base.prior,
      copies == other.copies, copies == base.copies
    else { throw .otherBase }
    var merged = self
    merged.observed = observed + other.observed - base.observed
    merged.age = age + other.age - base.age
    for copy in blocks.indices {
      merged.blocks[copy].asOf = merged.age
      guard [self, other, base].allSatisfy({ !$0.blocks[copy].fours.isEmpty }) else {
        merged.blocks[copy].fours = []
        continue
      }
      guard var sum = evidence(of: copy), let added = other.evidence(of: copy), let common = base.evidence(of: copy)
      else { throw .nothingLeft }
      sum.precision.add(1, added.precision)
      sum.precision.add(-1, common.precision)
      for index in sum.pull.indices { sum.pull[index] += added.pull[index] - common.pull[index] }
      guard let covariance = sum.precision.inverse else { throw .nothingLeft }
      Vectors.write(covariance * sum.pull, to: &merged.blocks[copy].fours, row: 0)
      covariance.write(to: &merged.blocks[copy].fours, row: 1)
    }
    self = merged
  }

  /// The belief as a precision, which adds where observations do.
  private func evidence(of copy: Int) -> (precision: Matrix, pull: [Double])? {
    let block = blocks[copy]
    var covariance = Matrix(block.fours, row: 1, dimensions)
    for index in 0..<dimensions { covariance[index, index] += prior.drift * (age - block.asOf) }
    guard let precision = covariance.inverse else { return nil }
    return (precision, precision * Vectors.values(block.fours, row: 0, dimensions))
  }
}

extension FullModel {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(dimensions)
    writer.write(prior)
    writer.write(observed)
    writer.write(age)
    writer.write(blocks.count)
    for block in blocks { block.encode(dimensions, into: &writer) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(dimensions: try reader.dimensions(version: Self.version), copies: 0, try reader.read())
    observed = try reader.finite()
    age = try reader.finite()
    for _ in 0..<(try reader.copies()) {
      blocks.append(try CopyBelief(rows: dimensions + 1, dimensions, from: &reader))
    }
  }
}
