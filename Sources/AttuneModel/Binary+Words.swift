extension Value: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    switch self {
    case .string(let text):
      writer.write(UInt8(0))
      writer.write(text)
    case .number(let number):
      writer.write(UInt8(1))
      writer.write(number)
    case .bool(let flag): writer.write(UInt8(flag ? 3 : 2))
    case .list(let values):
      writer.write(UInt8(4))
      writer.write(values)
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    switch try reader.read() as UInt8 {
    case 0: self = .string(try reader.read())
    case 1: self = .number(try reader.read())
    case 2: self = .bool(false)
    case 3: self = .bool(true)
    case 4: self = .list(try reader.read())
    default: throw BinaryError.invalid("a value", at: reader.position - 1)
    }
  }
}

extension Property: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(name)
    writer.write(value)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) { self.init(try reader.read(), try reader.read()) }
}

extension Event: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(user)
    writer.write(name)
    writer.write(at)
    writer.write(properties)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      id: try reader.read(), user: try reader.read(), name: try reader.read(), at: try reader.read(),
      properties: try reader.read())
  }
}

extension ProfilePatch.Change: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(name)
    writer.write(value)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) { self.init(try reader.read(), try reader.read()) }
}

extension ProfilePatch: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(user)
    writer.write(changes)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(user: try reader.read(), changes: try reader.read())
  }
}

extension Settlement: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(message)
    writer.write(outcome)
    writer.write(user)
    writer.write(channel)
    writer.write(code)
    writer.write(providerID)
    writer.write(latency)
    writer.write(attempts)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(message: try reader.read(), outcome: try reader.read())
    guard reader.format >= 7 else { return }
    user = try reader.read()
    channel = try reader.read()
    code = try reader.read()
    providerID = try reader.read()
    latency = try reader.read()
    attempts = try reader.read()
  }
}

extension Reservation: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(user)
    writer.write(business)
    writer.write(zone)
    writer.write(at)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      id: try reader.read(), user: try reader.read(), business: try reader.read(), zone: try reader.read(),
      at: try reader.read())
  }
}

extension ReservationSettlement: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(user)
    writer.write(settlement)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(id: try reader.read(), user: try reader.read(), settlement: try reader.read())
  }
}

extension Receipt: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(message)
    writer.write(kind)
    writer.write(at)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(message: try reader.read(), kind: try reader.read(), at: try reader.read())
  }
}

extension Message: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(user)
    writer.write(business)
    writer.write(channel)
    writer.write(title)
    writer.write(body)
    writer.write(data)
    writer.write(material)
    writer.write(at)
    writer.write(expires)
    writer.write(whenUnknown)
    writer.write(isQuiet)
    writer.write(`class`)
    writer.write(priority)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      id: try reader.read(), user: try reader.read(), business: try reader.read(), channel: try reader.read(),
      title: try reader.read(), body: try reader.read(), data: try reader.read(), material: try reader.read(),
      at: try reader.read(), expires: try reader.read(), whenUnknown: try reader.read(), isQuiet: try reader.read())
    guard reader.format >= 7 else { return }
    `class` = try reader.read()
    priority = try reader.read()
  }
}

extension Trace.Check: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(obstacle)
    writer.write(passed)
    writer.write(reason)
    writer.write(next)
    writer.write(details)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      try reader.read(), passed: try reader.read(), reason: try reader.read(), next: try reader.read(),
      details: try reader.read())
  }
}

extension Trace.ID: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    switch self {
    case .candidate(let id):
      writer.write(false)
      writer.write(id)
    case .reservation(let id):
      writer.write(true)
      writer.write(id)
    }
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self = try reader.read() ? .reservation(try reader.read()) : .candidate(try reader.read())
  }
}

extension Trace: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(at)
    writer.write(user)
    writer.write(scene)
    writer.write(business)
    writer.write(origin)
    writer.write(matched)
    writer.write(outcome)
    writer.write(obstacle)
    writer.write(reason)
    writer.write(next)
    writer.write(material)
    writer.write(choice)
    writer.write(checks)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      id: try reader.read(), at: try reader.read(), user: try reader.read(), scene: try reader.read(),
      business: try reader.read(), origin: try reader.read(), matched: try reader.read(),
      outcome: try reader.read(), obstacle: try reader.read(), reason: try reader.read(),
      next: try reader.read(), material: try reader.read(), choice: try reader.read(), checks: try reader.read())
    if reader.format < 7 { fillIn() }
  }
}

extension Trace {
  /// What format 6 left to be guessed: of a reservation the origin, of fatigue the dimension.
  private mutating func fillIn() {
    if case .reservation = id { origin = .reservation }
    if obstacle == .fatigue(nil) { obstacle = .fatigue(reason.flatMap(FatigueDimension.init(rawValue:))) }
  }
}

extension Tally: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(counts.count))
    for (key, count) in sorted {
      writer.write(key)
      writer.write(count)
    }
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init()
    for _ in 0..<(try reader.read() as UInt64) { add(try reader.read(), try reader.read()) }
  }
}

extension Tally.Key: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(day)
    writer.write(stage)
    writer.write(source)
    writer.write(scene)
    writer.write(business)
    writer.write(detail)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(day: try reader.read(), stage: try reader.read())
    var rule: String?
    if reader.format >= 7 { source = try reader.read() } else { rule = try reader.read() as String }
    (scene, business, detail) = (try reader.read(), try reader.read(), try reader.read())
    if let rule { source = .before7(rule: rule, stage: stage, business: business, detail: detail) }
  }
}

extension Zone: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(name)
    writer.write(Int64(initialOffset))
    writer.write(transitions)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      name: try reader.read(), initialOffset: Int32(clamping: try reader.read() as Int64),
      transitions: try reader.read())
  }
}

extension Zone.Transition: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(at)
    writer.write(Int64(offset))
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(at: try reader.read(), offset: Int32(clamping: try reader.read() as Int64))
  }
}
