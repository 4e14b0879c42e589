public import AttuneModel

/// Shared weights and weights of each copy under one joint normal belief, exactly, in the memory of the blocks that
/// matter.
///
/// Given the shared weights b, what one copy teaches says nothing of another: the joint belief is that of b, and of each
/// copy's weights u = b + t *given b*,
///
///     b ~ N(m, S)        u | b ~ N(M b + h, C)
///
/// and a message of one copy changes S, m and that copy's M, h, C by terms of rank one: 4 d^2 steps however many copies
/// there are, where the joint covariance takes (copies + 1)^2 d^2. A copy takes 16 d^2 bytes: 500 copies of 21
/// dimensions 4 MB.
public struct HybridModel: ClickModel {
  public let dimensions: Int
  public let prior: Prior
  public internal(set) var observed: Double = 0
  /// Weight that was ever learned, also what was taken back: the clock of drift.
  var age: Double = 0
  /// m, then the rows of S.
  var shared: [Four]
  /// What is believed of a copy's weights when b is known: h, the rows of M, the rows of C.
  var blocks: [CopyBelief]

  public init(dimensions: Int, copies: Int, _ prior: Prior = Prior()) {
    self.dimensions = min(max(1, dimensions), Context.mostDimensions)
    self.prior = prior
    let width = Vectors.fours(self.dimensions)
    shared = [Four](repeating: .zero, count: (self.dimensions + 1) * width)
    blocks = []
    Vectors.withDoubles(&shared) { doubles in
      doubles[0] = prior.logOdds
      for index in 0..<self.dimensions {
        doubles[(index + 1) * width * 4 + index] = index == 0 ? prior.sharedBias : prior.shared
      }
    }
    for _ in 0..<min(max(0, copies), Prior.mostCopies) { add(copy: nil) }
  }

  public var copies: Int { blocks.count }

  var width: Int { Vectors.fours(dimensions) }

  public mutating func add(copy belief: Score?) {
    let (count, width) = (dimensions, width)
    var fours = [Four](repeating: .zero, count: (2 * count + 1) * width)
    let own = prior.own(belief)
    Vectors.withDoubles(&fours) { doubles in
      doubles[0] = own.mean
      for index in 0..<count {
        doubles[(1 + index) * width * 4 + index] = 1
        doubles[(1 + count + index) * width * 4 + index] = index == 0 ? own.variance : prior.own
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
    let (count, width) = (dimensions, width)
    let block = blocks[copy]
    var score = Score(mean: 0, variance: prior.drift * (age - block.asOf) * context.squaredLength)
    return withUnsafeTemporaryAllocation(of: Four.self, capacity: 2 * width) { scratch in
      block.fours.withUnsafeBufferPointer { own in
        shared.withUnsafeBufferPointer { shared in
          guard let a = scratch.baseAddress, let own = own.baseAddress, let shared = shared.baseAddress else {
            return score
          }
          let c = a + width
          context.combine(own + width, into: a, width)
          context.combine(own + width * (1 + count), into: c, width)
          score.mean = Vectors.dot(a, shared, width) + context.dot(own)
          score.variance += context.dot(c) + Vectors.square(a, shared + width, count, width)
          score.variance = max(0, score.variance)
          return score
        }
      }
    }
  }

  @discardableResult
  public mutating func update(_ context: Context, copy: Int, clicked: Bool, weight: Double) -> Score? {
    guard context.dimensions == dimensions, blocks.indices ~= copy, !blocks[copy].fours.isEmpty,
      weight.magnitude <= Prior.largestWeight
    else { return nil }
    let (count, width, drift) = (dimensions, width, prior.drift)
    let waited = drift * (age - blocks[copy].asOf)
    observed += weight
    age += max(0, weight)
    blocks[copy].asOf = age
    return blocks[copy].fours.withUnsafeMutableBufferPointer { own in
      shared.withUnsafeMutableBufferPointer { shared in
        guard let own = own.baseAddress, let shared = shared.baseAddress else { return nil }
        if waited > 0 { Vectors.addDiagonal(waited, to: own + width * (1 + count), count, width) }
        let before = Self.update(shared, own, context, clicked: clicked, weight: weight, count, width)
        if drift > 0 {
          Vectors.addDiagonal(drift * max(0, weight), to: own + width * (1 + count), count, width)
          Vectors.addDiagonal(drift * max(0, weight), to: shared + width, count, width)
        }
        return before
      }
    }
  }

  /// One step of the extended Kalman filter, in blocks.
  private static func update(
    _ shared: UnsafeMutablePointer<Four>, _ own: UnsafeMutablePointer<Four>, _ context: Context, clicked: Bool,
    weight: Double, _ count: Int, _ width: Int
  ) -> Score? {
    withUnsafeTemporaryAllocation(of: Four.self, capacity: 3 * width) { scratch in
      guard let a = scratch.baseAddress else { return nil }
      let (s, c) = (a + width, a + 2 * width)
      let (means, covariance, map, noise) = (shared, shared + width, own + width, own + width * (1 + count))
      // z = a.b + x.h with variance alpha from b, and gamma from what of u is unknown when b is known.
      context.combine(map, into: a, width)
      Vectors.product(covariance, a, into: s, count, width)
      context.combine(noise, into: c, width)
      let (alpha, gamma) = (max(0, Vectors.dot(a, s, width)), max(0, context.dot(c)))
      let mean = Vectors.dot(a, means, width) + context.dot(own)
      let step = KalmanStep(mean: mean, variance: alpha + gamma, clicked: clicked, weight: weight)
      let given = step.information / (1 + step.information * gamma)
      Vectors.add(step.gain, s, to: means, width)
      Vectors.add(step.gain + given * Vectors.dot(a, means, width), c, to: own, width)
      Vectors.addProduct(-step.shrink, s, s, to: covariance, count, width)
      Vectors.addProduct(-given, c, a, to: map, count, width)
      Vectors.addProduct(-given, c, c, to: noise, count, width)
      return Score(mean: mean, variance: alpha + gamma)
    }
  }
}

extension HybridModel {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(dimensions)
    writer.write(prior)
    writer.write(observed)
    writer.write(age)
    Vectors.encode(shared, dimensions, into: &writer)
    writer.write(blocks.count)
    for block in blocks { block.encode(dimensions, into: &writer) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(dimensions: try reader.dimensions(version: Self.version), copies: 0, try reader.read())
    observed = try reader.finite()
    age = try reader.finite()
    shared = try Vectors.decode(rows: dimensions + 1, dimensions, from: &reader)
    for _ in 0..<(try reader.copies()) {
      blocks.append(try CopyBelief(rows: 2 * dimensions + 1, dimensions, from: &reader))
    }
  }
}
