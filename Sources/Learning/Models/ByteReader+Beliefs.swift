import AttuneModel

extension ByteReader {
  mutating func finite() throws(BinaryError) -> Double {
    let value: Double = try read()
    guard value.isFinite else { throw BinaryError.invalid("a finite number", at: position - 8) }
    return value
  }

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
