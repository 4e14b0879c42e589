import AttuneModel

extension Vectors {
  static func values(_ fours: [Four], row: Int, _ count: Int) -> [Double] {
    (0..<count).map { fours[row * Self.fours(count) + $0 / 4][$0 % 4] }
  }

  static func write(_ values: [Double], to fours: inout [Four], row: Int) {
    for (index, value) in values.enumerated() { fours[row * Self.fours(values.count) + index / 4][index % 4] = value }
  }

  /// The rows without their padding.
  static func encode(_ fours: [Four], _ count: Int, into writer: inout ByteWriter) {
    for row in 0..<fours.count / Self.fours(count) {
      for value in values(fours, row: row, count) { writer.write(value) }
    }
  }

  static func decode(rows: Int, _ count: Int, from reader: inout ByteReader) throws(BinaryError) -> [Four] {
    var fours = [Four](repeating: .zero, count: rows * Self.fours(count))
    for row in 0..<rows {
      for index in 0..<count { fours[row * Self.fours(count) + index / 4][index % 4] = try reader.finite() }
    }
    return fours
  }
}
