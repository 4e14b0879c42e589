public import Model

extension DiagonalModel {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(dimensions)
    writer.write(prior)
    writer.write(observed)
    writer.write(age)
    for weight in shared { weight.encode(into: &writer) }
    writer.write(blocks.count)
    for block in blocks {
      writer.write(block.asOf)
      writer.write(!block.weights.isEmpty)
      for weight in block.weights { weight.encode(into: &writer) }
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(dimensions: try reader.dimensions(version: Self.version), copies: 0, try reader.read())
    observed = try reader.finite()
    age = try reader.finite()
    for index in shared.indices { shared[index] = try Weight(from: &reader) }
    for _ in 0..<(try reader.copies()) {
      var block = Block(weights: [], asOf: try reader.finite())
      if try reader.read() {
        for _ in 0..<dimensions { block.weights.append(try Weight(from: &reader)) }
      }
      blocks.append(block)
    }
  }
}

extension DiagonalModel.Weight: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(mean)
    writer.write(variance)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(mean: try reader.finite(), variance: try reader.finite())
    guard variance >= 0 else { throw BinaryError.invalid("a variance", at: reader.position) }
  }
}
