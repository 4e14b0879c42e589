public import AttuneModel

extension Prices: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(entries.count)
    for entry in entries {
      writer.write(entry.quota)
      writer.write(entry.price)
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    var entries: [(Quota, Double)] = []
    for _ in 0..<(try reader.count(upTo: Quotas.limit)) { entries.append((try reader.read(), try reader.read())) }
    self.init(entries)
  }
}

extension Forecast: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(prices)
    writer.write(arrivals.count)
    writer.write(sends[0].count)
    for number in arrivals { writer.write(number) }
    for segment in sends { for number in segment { writer.write(number) } }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    let prices: Prices = try reader.read()
    let segments = try reader.count(upTo: Quotas.limit)
    let width = try reader.count(upTo: Quotas.mostCopies)
    var arrivals: [Int] = []
    var sends: [[Int]] = []
    for _ in 0..<segments { arrivals.append(try reader.read()) }
    for _ in 0..<segments {
      var segment: [Int] = []
      for _ in 0..<width { segment.append(try reader.read()) }
      sends.append(segment)
    }
    guard let forecast = Forecast(prices: prices, arrivals: arrivals, sends: sends) else {
      throw BinaryError.invalid("a forecast", at: reader.position)
    }
    self = forecast
  }
}

extension ArrivalSample: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(copies)
    writer.write(count)
    for number in [stride, skip, credit] + used { writer.write(number) }
    writer.write(rows)
    for moment in moments { writer.write(moment) }
    for context in contexts { writer.write(context) }
    for value in fixed + values { writer.write(value.bitPattern) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(copies: try reader.count(upTo: Quotas.mostCopies))
    count = try reader.count(upTo: Quotas.limit)
    stride = max(1, try reader.count(upTo: Quotas.limit))
    skip = try reader.count(upTo: stride)
    credit = try reader.count(upTo: Quotas.limit)
    for copy in 0..<copies { used[copy] = try reader.count(upTo: Quotas.limit) }
    let rows = try reader.count(upTo: 2 * Self.capacity(copies: copies))
    for _ in 0..<rows {
      let moment: Double = try reader.read()
      guard (0...1).contains(moment) else { throw BinaryError.invalid("a moment", at: reader.position - 8) }
      moments.append(moment)
    }
    for _ in 0..<rows { contexts.append(try reader.read()) }
    for _ in 0..<rows * copies { fixed.append(Self.value(Float(bitPattern: try reader.word()))) }
    for _ in 0..<rows * copies { values.append(Self.value(Float(bitPattern: try reader.word()))) }
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ word: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) { write(UInt8(truncatingIfNeeded: word >> shift)) }
  }
}

extension ByteReader {
  fileprivate mutating func word() throws(BinaryError) -> UInt32 {
    var word: UInt32 = 0
    for shift in Swift.stride(from: UInt32(0), to: 32, by: 8) { word |= UInt32(try read() as UInt8) << shift }
    return word
  }
}

extension Lease: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(allowance)
    for cost in costs { writer.write(cost) }
    writer.write(arrivals)
    writer.write(isBlind)
    writer.write(missed)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    let allowance: Allowance = try reader.read()
    var costs: [Double] = []
    for _ in 0..<allowance.copies { costs.append(try reader.read()) }
    self.init(allowance, costs: costs, arrivals: try reader.read(), isBlind: try reader.read())
    missed = try reader.count(upTo: Quotas.limit)
    guard arrivals.copies == allowance.copies, costs.allSatisfy(\.isFinite) else {
      throw BinaryError.invalid("a lease", at: reader.position)
    }
  }
}

extension Allocator.Basis: BinaryCodable {}

extension Allocator: BinaryCodable {
  private static var version: UInt8 { 2 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(quotas)
    writer.write(forecast)
    writer.write(allowance)
    writer.write(basis)
    writer.write(arrivals)
    for price in rowPrices { writer.write(price) }
    writer.write(progress)
    writer.write(nextRepricing)
    writer.write(missed)
    for flag in withdrawn { writer.write(flag) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    try reader.version(Self.version, of: "an allocator")
    self.init(try reader.read(), forecast: try reader.read())
    allowance = try reader.read()
    basis = try reader.read()
    arrivals = try reader.read()
    guard allowance.copies == quotas.copies, arrivals.copies == quotas.copies,
      allowance.channelMaximum.count == quotas.channelMaximum.count
    else { throw BinaryError.invalid("an allocator of \(quotas.copies) copies", at: reader.position) }
    for row in rows.indices { rowPrices[row] = try reader.read() }
    progress = try reader.read()
    guard rowPrices.allSatisfy({ $0 >= 0 && $0 < .infinity }), (0...1).contains(progress) else {
      throw BinaryError.invalid("prices", at: reader.position)
    }
    nextRepricing = try reader.count(upTo: 2 * Quotas.limit)
    missed = try reader.count(upTo: Quotas.limit)
    for copy in withdrawn.indices { withdrawn[copy] = try reader.read() }
    updateCosts()
  }
}
