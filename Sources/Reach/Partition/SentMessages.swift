import DequeModule
import Model

/// Messages that settlements and receipts may still speak of.
struct SentMessages: Sendable {
  struct Sent: Sendable {
    var user: String
    var business: String
    var scene: String
    var rule: String
    var topic: String?
    var material: String
    var settled: Settlement.Outcome?
    /// A bit for each kind of receipt that was counted.
    var receipts: UInt8 = 0
  }

  private struct Expiry: Sendable {
    var id: CandidateID
    var at: Instant
  }

  private var messages: [CandidateID: Sent] = [:]
  private var order: Deque<Expiry> = []

  subscript(id: CandidateID) -> Sent? { messages[id] }

  mutating func insert(_ sent: Sent, id: CandidateID, until: Instant) {
    messages[id] = sent
    order.append(Expiry(id: id, at: until))
  }

  /// Nil if the message is not remembered, else whether the settlement changed anything.
  mutating func settle(_ id: CandidateID, _ outcome: Settlement.Outcome) -> Bool? {
    guard let before = messages[id] else { return nil }
    guard before.settled == nil || before.settled == .unknown && outcome != .unknown else { return false }
    messages[id]?.settled = outcome
    return true
  }

  /// Nil if the message is not remembered, else whether this kind was new.
  mutating func receive(_ id: CandidateID, _ kind: Receipt.Kind) -> Bool? {
    guard let before = messages[id] else { return nil }
    let bit = UInt8(1) << kind.rawValue
    guard before.receipts & bit == 0 else { return false }
    messages[id]?.receipts |= bit
    return true
  }

  mutating func forget(before now: Instant) {
    while let first = order.first, first.at <= now {
      order.removeFirst()
      messages[first.id] = nil
    }
  }

  mutating func erase(user: String) {
    let gone = Set(messages.filter { $0.value.user == user }.keys)
    messages = messages.filter { !gone.contains($0.key) }
    order.removeAll { gone.contains($0.id) }
  }

  /// Those without a settlement, in the order of their ids.
  var unsettled: [CandidateID] { messages.filter { $0.value.settled == nil }.keys.sorted() }
}

extension SentMessages: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(order.count))
    for entry in order {
      writer.write(entry.id)
      writer.write(entry.at)
      writer.write(messages[entry.id])
    }
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    for _ in 0..<(try reader.read() as UInt64) {
      let entry = Expiry(id: try reader.read(), at: try reader.read())
      order.append(entry)
      messages[entry.id] = try reader.read()
    }
  }
}

extension SentMessages.Sent: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(user)
    writer.write(business)
    writer.write(scene)
    writer.write(rule)
    writer.write(topic)
    writer.write(material)
    writer.write(settled)
    writer.write(receipts)
  }
  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      user: try reader.read(), business: try reader.read(), scene: try reader.read(), rule: try reader.read(),
      topic: try reader.read(), material: try reader.read(), settled: try reader.read(), receipts: try reader.read())
  }
}
