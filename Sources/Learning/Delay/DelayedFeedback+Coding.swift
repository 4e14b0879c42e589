public import AttuneModel

extension DelayedFeedback: BinaryCodable where ID: BinaryCodable {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(capacity)
    writer.write(delays)
    writer.write(queue.sequence)
    // Every open message waits in the queue exactly once.
    writer.write(queue.items.count)
    for item in queue.items {
      guard let message = open[item.element] else { continue }
      writer.write(item.due)
      writer.write(item.sequence)
      writer.write(item.element)
      writer.write(message.context)
      writer.write(message.copy)
      writer.write(message.sent)
      writer.write(message.share)
      writer.write(message.state.rawValue)
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    guard try reader.read() == Self.version else {
      throw BinaryError.invalid("version \(Self.version) of delayed feedback", at: reader.position - 1)
    }
    let capacity: Int = try reader.read()
    self.init(delays: try reader.read(), capacity: capacity)
    let sequence: UInt64 = try reader.read()
    let count: Int = try reader.read()
    for _ in 0..<max(0, count) {
      let due: Instant = try reader.read()
      let number: UInt64 = try reader.read()
      let id: ID = try reader.read()
      let message = Message(
        context: try reader.read(), copy: try reader.read(), sent: try reader.read(), share: try reader.finite(),
        state: try Self.state(from: &reader))
      queue.items.append(DueQueue<ID>.Item(due: due, sequence: number, element: id))
      open[id] = message
    }
    queue.sequence = sequence
    guard open.count == queue.items.count, queue.isSound else {
      throw BinaryError.invalid("each message once", at: reader.position)
    }
  }

  private static func state(from reader: inout ByteReader) throws(BinaryError) -> State {
    guard let state = State(rawValue: try reader.read()) else {
      throw BinaryError.invalid("a message's state", at: reader.position - 1)
    }
    return state
  }
}

extension DueQueue {
  /// No item is before its parent.
  var isSound: Bool { items.indices.dropFirst().allSatisfy { !items[$0].isBefore(items[($0 - 1) / 2]) } }
}

extension ClickDelays: BinaryCodable {
  private static var version: UInt8 { 3 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(window)
    writer.write(news)
    writer.write(clicks)
    Self.encode(settled, into: &writer)
    writer.write(settledSends)
    writer.write(settledClicks)
    writer.write(sends)
    writer.write(isKnown)
    writer.write(cohorts.count)
    for cohort in cohorts {
      writer.write(cohort.start)
      writer.write(cohort.width)
      writer.write(cohort.sends)
      Self.encode(cohort.counts, into: &writer)
    }
    writer.write(shares.count)
    for row in [pooled] + shares { for share in row { writer.write(share) } }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    let version: UInt8 = try reader.read()
    guard version == Self.version || version == 2 else {
      throw BinaryError.invalid("version 2 or \(Self.version) of click delays", at: reader.position - 1)
    }
    self.init(window: try reader.read())
    news = max(0, min(try reader.read(), 1 << 40))
    clicks = max(0, min(try reader.read(), 1 << 60))
    settled = try Self.counts(from: &reader)
    // Before, nobody noted how many messages the clicks came of.
    let hasSends = version > 2
    if hasSends {
      settledSends = max(0, min(try reader.read(), 1 << 60))
      settledClicks = max(0, min(try reader.read(), 1 << 60))
      sends = max(0, min(try reader.read(), 1 << 60))
      isKnown = try reader.read()
    } else {
      isKnown = clicks > 0
    }
    for _ in 0..<(try reader.copies()) {
      let start: Instant = try reader.read()
      var cohort = Cohort(around: start, width: try reader.read())
      cohort.start = start
      if hasSends { cohort.sends = max(0, min(try reader.read(), 1 << 60)) }
      cohort.counts = try Self.counts(from: &reader)
      cohorts.append(cohort)
    }
    total = cohorts.reduce(settledSends) { $0 + $1.sends }
    let copies = try reader.copies()
    pooled = try Self.shares(from: &reader)
    for _ in 0..<copies { shares.append(try Self.shares(from: &reader)) }
  }

  private static func encode(_ counts: [[UInt32]], into writer: inout ByteWriter) {
    writer.write(counts.count)
    for row in counts { for count in row { writer.write(UInt64(count)) } }
  }

  private static func counts(from reader: inout ByteReader) throws(BinaryError) -> [[UInt32]] {
    var counts: [[UInt32]] = []
    for _ in 0..<(try reader.copies()) {
      var row: [UInt32] = []
      for _ in 0..<buckets { row.append(UInt32(min(try reader.read() as UInt64, 1 << 21))) }
      counts.append(row)
    }
    return counts
  }

  private static func shares(from reader: inout ByteReader) throws(BinaryError) -> [Double] {
    var row: [Double] = []
    for _ in 0..<buckets {
      let share = try reader.finite()
      guard (row.last ?? 0)...1 ~= share else { throw BinaryError.invalid("a share of clicks", at: reader.position) }
      row.append(share)
    }
    return row
  }
}
