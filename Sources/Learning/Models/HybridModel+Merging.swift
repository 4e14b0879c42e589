extension HybridModel {
  public mutating func merge(_ other: HybridModel, since base: HybridModel) throws(ModelError) {
    guard dimensions == other.dimensions, dimensions == base.dimensions, prior == other.prior, prior == base.prior,
      copies == other.copies, copies == base.copies
    else { throw .otherBase }
    let kept = blocks.indices.map { copy in
      [self, other, base].allSatisfy { !$0.blocks[copy].fours.isEmpty }
    }
    guard var sum = Evidence(self, kept), let added = Evidence(other, kept), let common = Evidence(base, kept) else {
      throw .nothingLeft
    }
    sum.add(1, added)
    sum.add(-1, common)
    guard var merged = HybridModel(sum, like: self, age: age + other.age - base.age) else { throw .nothingLeft }
    merged.observed = observed + other.observed - base.observed
    self = merged
  }

  /// The joint belief as precisions, which add where observations do. Between copies there are none: the matrix is an
  /// arrow.
  private struct Evidence {
    var shared: Matrix
    var sharedPull: [Double]
    var own: [Own?]

    struct Own {
      /// Of the copy's weights, and between them and the shared ones.
      var precision: Matrix
      var cross: Matrix
      var pull: [Double]
    }

    init?(_ model: HybridModel, _ kept: [Bool]) {
      let count = model.dimensions
      guard let precision = Matrix(model.shared, row: 1, count).inverse else { return nil }
      shared = precision
      sharedPull = precision * Vectors.values(model.shared, row: 0, count)
      own = []
      for (block, isKept) in zip(model.blocks, kept) {
        guard isKept else {
          own.append(nil)
          continue
        }
        var noise = Matrix(block.fours, row: 1 + count, count)
        let waited = model.prior.drift * (model.age - block.asOf)
        for index in 0..<count { noise[index, index] += waited }
        guard let precision = noise.inverse else { return nil }
        let map = Matrix(block.fours, row: 1, count)
        let forced = precision * map
        let pull = precision * Vectors.values(block.fours, row: 0, count)
        shared.add(1, map.transposed * forced)
        for (index, value) in (map.transposed * pull).enumerated() { sharedPull[index] -= value }
        var cross = Matrix(count)
        cross.add(-1, forced)
        own.append(Own(precision: precision, cross: cross, pull: pull))
      }
    }

    mutating func add(_ factor: Double, _ other: Evidence) {
      shared.add(factor, other.shared)
      for index in sharedPull.indices { sharedPull[index] += factor * other.sharedPull[index] }
      for copy in own.indices {
        guard let added = other.own[copy] else { continue }
        own[copy]?.precision.add(factor, added.precision)
        own[copy]?.cross.add(factor, added.cross)
        for index in sharedPull.indices { own[copy]?.pull[index] += factor * added.pull[index] }
      }
    }
  }

  private init?(_ evidence: Evidence, like model: HybridModel, age: Double) {
    self = model
    self.age = age
    var (precision, pull) = (evidence.shared, evidence.sharedPull)
    for (copy, own) in evidence.own.enumerated() {
      blocks[copy].asOf = age
      guard let own else {
        blocks[copy].fours = []
        continue
      }
      guard let noise = own.precision.inverse else { return nil }
      var map = Matrix(dimensions)
      map.add(-1, noise * own.cross)
      precision.add(1, own.cross.transposed * map)
      for (index, value) in (map.transposed * own.pull).enumerated() { pull[index] += value }
      Vectors.write(noise * own.pull, to: &blocks[copy].fours, row: 0)
      map.write(to: &blocks[copy].fours, row: 1)
      noise.write(to: &blocks[copy].fours, row: 1 + dimensions)
    }
    guard let covariance = precision.inverse else { return nil }
    Vectors.write(covariance * pull, to: &shared, row: 0)
    covariance.write(to: &shared, row: 1)
  }
}
