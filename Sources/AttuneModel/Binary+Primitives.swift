extension String: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(self) }
  public init(from reader: inout ByteReader) throws(BinaryError) { self = try reader.read() }
}

extension UInt64: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(self) }
  public init(from reader: inout ByteReader) throws(BinaryError) { self = try reader.read() }
}

extension Instant: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(milliseconds) }
  public init(from reader: inout ByteReader) throws(BinaryError) { self.init(milliseconds: try reader.read()) }
}

extension TimeSpan: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(milliseconds) }
  public init(from reader: inout ByteReader) throws(BinaryError) { self.init(milliseconds: try reader.read()) }
}

extension CandidateID: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(rawValue) }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(rawValue: try reader.read())
    guard partition < Partition.count else { throw BinaryError.invalid("a candidate's id", at: reader.position) }
  }
}

extension RawRepresentable where Self: BinaryCodable, RawValue == UInt8 {
  public func encode(into writer: inout ByteWriter) { writer.write(rawValue) }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    guard let value = Self(rawValue: try reader.read()) else {
      throw BinaryError.invalid("a \(Self.self)", at: reader.position - 1)
    }
    self = value
  }
}

extension Message.WhenUnknown: BinaryCodable {}
extension Message.Class: BinaryCodable {}
extension Settlement.Outcome: BinaryCodable {}
extension FatigueSettlement: BinaryCodable {}
extension Receipt.Kind: BinaryCodable {}
extension Trace.Outcome: BinaryCodable {}
extension Tally.Stage: BinaryCodable {}
