import AttuneModel

typealias Four = SIMD4<Double>

/// Sums over short rows, four doubles at a time in a fixed order: the same bits on every machine.
///
/// Rows are padded with zeros to whole fours, so no loop has a tail; `width` is in fours, `count` in rows.
enum Vectors {
  /// How many fours hold `count` doubles.
  @inline(__always)
  static func fours(_ count: Int) -> Int { (count + 3) / 4 }

  /// The fours as doubles, one after another.
  static func withDoubles(_ fours: inout [Four], _ body: (UnsafeMutableBufferPointer<Double>) -> Void) {
    fours.withUnsafeMutableBytes { body($0.bindMemory(to: Double.self)) }
  }

  @inline(__always)
  static func dot(_ a: UnsafePointer<Four>, _ b: UnsafePointer<Four>, _ width: Int) -> Double {
    var (even, odd) = (Four.zero, Four.zero)
    var index = 0
    while index + 1 < width {
      even += a[index] * b[index]
      odd += a[index + 1] * b[index + 1]
      index += 2
    }
    if index < width { even += a[index] * b[index] }
    let sum = even + odd
    return (sum[0] + sum[2]) + (sum[1] + sum[3])
  }

  /// y += factor * x
  @inline(__always)
  static func add(_ factor: Double, _ x: UnsafePointer<Four>, to y: UnsafeMutablePointer<Four>, _ width: Int) {
    let factor = Four(repeating: factor)
    for index in 0..<width { y[index] += factor * x[index] }
  }

  /// y = rows * a, for symmetric rows.
  @inline(__always)
  static func product(
    _ rows: UnsafePointer<Four>, _ a: UnsafePointer<Four>, into y: UnsafeMutablePointer<Four>, _ count: Int,
    _ width: Int
  ) {
    let values = UnsafeRawPointer(a).assumingMemoryBound(to: Double.self)
    y.update(repeating: .zero, count: width)
    for row in 0..<count { add(values[row], rows + row * width, to: y, width) }
  }

  /// a' * rows * a
  @inline(__always)
  static func square(_ a: UnsafePointer<Four>, _ rows: UnsafePointer<Four>, _ count: Int, _ width: Int) -> Double {
    let values = UnsafeRawPointer(a).assumingMemoryBound(to: Double.self)
    var sum = 0.0
    for row in 0..<count { sum += values[row] * dot(a, rows + row * width, width) }
    return sum
  }

  /// rows += factor * a * b'
  @inline(__always)
  static func addProduct(
    _ factor: Double, _ a: UnsafePointer<Four>, _ b: UnsafePointer<Four>, to rows: UnsafeMutablePointer<Four>,
    _ count: Int, _ width: Int
  ) {
    let values = UnsafeRawPointer(a).assumingMemoryBound(to: Double.self)
    for row in 0..<count { add(factor * values[row], b, to: rows + row * width, width) }
  }

  @inline(__always)
  static func addDiagonal(_ value: Double, to rows: UnsafeMutablePointer<Four>, _ count: Int, _ width: Int) {
    let doubles = UnsafeMutableRawPointer(rows).assumingMemoryBound(to: Double.self)
    for row in 0..<count { doubles[row * width * 4 + row] += value }
  }
}

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

extension ByteReader {
  mutating func finite() throws(BinaryError) -> Double {
    let value: Double = try read()
    guard value.isFinite else { throw BinaryError.invalid("a finite number", at: position - 8) }
    return value
  }
}
