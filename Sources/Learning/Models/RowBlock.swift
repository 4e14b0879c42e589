import AttuneModel

/// What a model with covariances believes of one copy, in rows of as many doubles as there are dimensions. Empty when the
/// copy was withdrawn.
struct RowBlock: Hashable, Sendable {
  var fours: [Four]
  /// The model's age when drift was last added to its covariance.
  var asOf: Double
}

extension RowBlock {
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
