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
