public import AttuneModel

extension Quotas: BinaryCodable {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(rounds)
    writer.write(copies)
    for number in maximum { writer.write(optional: number) }
    for number in minimum { writer.write(number) }
    for number in channels { writer.write(optional: number) }
    writer.write(channelMaximum.count)
    for number in channelMaximum { writer.write(optional: number) }
    writer.write(optional: budget)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    try reader.version(Self.version, of: "quotas")
    let rounds: Int = try reader.read()
    let copies = try reader.count(upTo: Self.mostCopies)
    var maximum: [Int?] = []
    var minimum: [Int] = []
    var channels: [Int?] = []
    var channelMaximum: [Int?] = []
    for _ in 0..<copies { maximum.append(try reader.optional()) }
    for _ in 0..<copies { minimum.append(try reader.read()) }
    for _ in 0..<copies { channels.append(try reader.optional()) }
    for _ in 0..<(try reader.count(upTo: Self.mostChannels)) { channelMaximum.append(try reader.optional()) }
    let budget = try reader.optional()
    do {
      try self.init(
        rounds: rounds, copies: copies, maximum: maximum, minimum: minimum, channels: channels,
        channelMaximum: channelMaximum, budget: budget)
    } catch { throw BinaryError.invalid("quotas that can be kept (\(error))", at: reader.position) }
  }
}

extension Quota: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    switch self {
    case .maximum(let copy):
      writer.write(UInt8(0))
      writer.write(copy)
    case .minimum(let copy):
      writer.write(UInt8(1))
      writer.write(copy)
    case .channel(let channel):
      writer.write(UInt8(2))
      writer.write(channel)
    case .budget: writer.write(UInt8(3))
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    switch try reader.read() as UInt8 {
    case 0: self = .maximum(copy: try reader.read())
    case 1: self = .minimum(copy: try reader.read())
    case 2: self = .channel(try reader.read())
    case 3: self = .budget
    default: throw BinaryError.invalid("a quota", at: reader.position - 1)
    }
  }
}

extension Allowance: BinaryCodable {
  /// As quotas of what is left.
  public func encode(into writer: inout ByteWriter) {
    writer.write(rounds)
    var left = self
    left.rounds = max(rounds, owed)
    Quotas(left).encode(into: &writer)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    let rounds = try reader.count(upTo: Quotas.limit)
    self.init(try Quotas(from: &reader))
    self.rounds = rounds
    refresh()
  }
}

extension ByteWriter {
  mutating func write(optional number: Int?) {
    write(number != nil)
    if let number { write(number) }
  }
}

extension ByteReader {
  mutating func optional() throws(BinaryError) -> Int? { try read() ? try read() : nil }

  mutating func version(_ version: UInt8, of what: String) throws(BinaryError) {
    guard try read() == version else { throw BinaryError.invalid("version \(version) of \(what)", at: position - 1) }
  }

  mutating func count(upTo most: Int) throws(BinaryError) -> Int {
    let count: Int = try read()
    guard (0...most).contains(count) else { throw BinaryError.invalid("a count", at: position) }
    return count
  }
}
