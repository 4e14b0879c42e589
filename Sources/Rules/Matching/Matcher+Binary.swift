public import Model

extension Matcher: Equatable {
  /// Timers follow from the slots.
  public static func == (a: Matcher, b: Matcher) -> Bool {
    a.slots == b.slots && a.refusedAttempts == b.refusedAttempts
  }
}

extension Matcher: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(refusedAttempts)
    writer.write(UInt64(slots.count))
    for (key, slot) in slots.sorted(by: { $0.key < $1.key }) {
      writer.write(key.serial)
      writer.write(key.values)
      writer.write(slot)
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    let refused: Int = try reader.read()
    var slots: [SlotKey: Slot] = [:]
    for _ in 0..<(try reader.read() as UInt64) {
      let key = SlotKey(serial: try reader.read(), values: try reader.read())
      let slot: Slot = try reader.read()
      slots[key] = slot
    }
    self.init(slots: slots, refusedAttempts: refused)
  }
}

extension Slot: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(user)
    writer.write(ring)
    writer.write(attempts)
    writer.write(scheduled)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(user: try reader.read())
    ring = try reader.read()
    attempts = try reader.read()
    scheduled = try reader.read()
  }
}

// Figures for reports.
extension Matcher {
  /// Attempts that have begun and not ended; the events of a sliding `times: n` count as one.
  public var openAttempts: Int { slots.values.reduce(0) { $0 + $1.attempts.count + ($1.ring.isEmpty ? 0 : 1) } }

  /// The latest deadline of an absence that waits; after it, nothing matches without another event.
  public var latestDeadline: Instant? {
    slots.values.lazy.flatMap(\.attempts).filter(\.isWaiting).compactMap(\.deadline).max()
  }
}
