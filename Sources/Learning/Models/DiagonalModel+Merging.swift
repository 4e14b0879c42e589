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
    return blocks[copy].weights.map { Weight(mean: $0.mean, variance: $0.variance + waited) }
  }

  private static func sum(_ mine: Weight, _ theirs: Weight, _ common: Weight) -> Weight? {
    let precision = 1 / mine.variance + 1 / theirs.variance - 1 / common.variance
    let pull = mine.mean / mine.variance + theirs.mean / theirs.variance - common.mean / common.variance
    guard precision > 0, precision.isFinite, pull.isFinite else { return nil }
    return Weight(mean: pull / precision, variance: 1 / precision)
  }
}
