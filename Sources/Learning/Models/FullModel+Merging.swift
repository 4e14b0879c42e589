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
