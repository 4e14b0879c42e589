public import Model

extension FullModel {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(dimensions)
    writer.write(prior)
    writer.write(observed)
    writer.write(age)
    writer.write(blocks.count)
    for block in blocks {
      writer.write(block.asOf)
      writer.write(!block.fours.isEmpty)
      Vectors.encode(block.fours, dimensions, into: &writer)
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(dimensions: try reader.dimensions(version: Self.version), copies: 0, try reader.read())
    observed = try reader.finite()
    age = try reader.finite()
    for _ in 0..<(try reader.copies()) {
      let asOf = try reader.finite()
      let fours: [Four] = try reader.read() ? try Vectors.decode(rows: dimensions + 1, dimensions, from: &reader) : []
      blocks.append(Block(fours: fours, asOf: asOf))
    }
  }
}
