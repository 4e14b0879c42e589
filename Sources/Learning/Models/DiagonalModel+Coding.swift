public import AttuneModel

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
