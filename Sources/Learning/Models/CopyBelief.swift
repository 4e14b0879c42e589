import AttuneModel

/// What a model with covariances believes of one copy, in rows of as many doubles as there are dimensions. Empty when the
/// copy was withdrawn.
struct CopyBelief: Hashable, Sendable {
  var fours: [Four]
  /// The model's age when drift was last added to its covariance.
  var asOf: Double
}

extension CopyBelief {
  func encode(_ dimensions: Int, into writer: inout ByteWriter) {
    writer.write(asOf)
    writer.write(!fours.isEmpty)
    Vectors.encode(fours, dimensions, into: &writer)
  }

  init(rows: Int, _ dimensions: Int, from reader: inout ByteReader) throws(BinaryError) {
    asOf = try reader.finite()
    fours = try reader.read() ? try Vectors.decode(rows: rows, dimensions, from: &reader) : []
  }
}

extension ByteReader {
  mutating func dimensions(version: UInt8) throws(BinaryError) -> Int {
    guard try read() == version else { throw BinaryError.invalid("version \(version) of a model", at: position - 1) }
    let dimensions: Int = try read()
    guard 1...Context.mostDimensions ~= dimensions else { throw BinaryError.invalid("dimensions", at: position) }
    return dimensions
  }

  mutating func copies() throws(BinaryError) -> Int {
    let copies: Int = try read()
    guard 0...Prior.mostCopies ~= copies else { throw BinaryError.invalid("a number of copies", at: position) }
    return copies
  }
}
