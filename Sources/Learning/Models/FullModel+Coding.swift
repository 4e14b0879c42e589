public import AttuneModel

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
      blocks.append(try RowBlock(rows: dimensions + 1, dimensions, from: &reader))
    }
  }
}
