import AttuneModel
import DequeModule

/// Messages that settlements and receipts may still speak of. One is forgotten at its instant, swept or not.
struct SentMessages: Sendable {
  struct Sent: Sendable {
    /// Empty once the user was erased.
    var user: String
    /// Who it was, once the user was erased.
    var pseudonym: Pseudonym?
    var business: String
    var scene: String
    var source: Origin.Source
    var topic: String?
    var material: String
    /// From here on it is forgotten.
    var until: Instant
    var settled: Settlement.Outcome?
    /// A bit for each kind of receipt that was counted.
    var receipts: UInt8 = 0
    var isQuiet = false

    func hasReceived(_ kind: Receipt.Kind) -> Bool { receipts & Self.bit(kind) != 0 }

    fileprivate static func bit(_ kind: Receipt.Kind) -> UInt8 { UInt8(1) << kind.rawValue }
  }

  private var messages: [CandidateID: Sent] = [:]
  private var order: Deque<CandidateID> = []

  subscript(id: CandidateID) -> Sent? { messages[id] }

  mutating func insert(_ sent: Sent, id: CandidateID) {
    messages[id] = sent
    order.append(id)
  }

  /// Nil if the message is not remembered, else whether the settlement changed anything.
  mutating func settle(_ id: CandidateID, _ outcome: Settlement.Outcome, at: Instant) -> Bool? {
    guard let before = messages[id], at < before.until else { return nil }
    guard before.settled == nil || before.settled == .unknown && outcome != .unknown else { return false }
    messages[id]?.settled = outcome
    return true
  }

  /// Nil if the message is not remembered, else whether this kind was new.
  mutating func receive(_ id: CandidateID, _ kind: Receipt.Kind, at: Instant) -> Bool? {
    guard let before = messages[id], at < before.until else { return nil }
    return receive(id, kind)
  }

  /// Whether this kind was new of a message that is at hand, forgotten or not.
  mutating func receive(_ id: CandidateID, _ kind: Receipt.Kind) -> Bool {
    guard let before = messages[id], !before.hasReceived(kind) else { return false }
    messages[id]?.receipts |= Sent.bit(kind)
    return true
  }

  /// Takes out those that were forgotten.
  mutating func sweep(before now: Instant) -> [(id: CandidateID, message: Sent)] {
    var gone: [(id: CandidateID, message: Sent)] = []
    while let first = order.first, messages[first].map({ $0.until <= now }) ?? true {
      order.removeFirst()
      if let message = messages.removeValue(forKey: first) { gone.append((first, message)) }
    }
    return gone
  }

  /// The messages stay, for what is still heard of them; whose they were does not.
  /// - Returns: those of the user.
  mutating func erase(user: String, as pseudonym: Pseudonym) -> [CandidateID] {
    let ids = messages.filter { $0.value.user == user }.map(\.key)
    for id in ids {
      messages[id]?.user = ""
      messages[id]?.pseudonym = pseudonym
    }
    return ids
  }

  /// Those without a settlement, in the order of their ids.
  var unsettled: [CandidateID] { messages.filter { $0.value.settled == nil }.keys.sorted() }
}

extension SentMessages: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(order.count))
    for id in order {
      writer.write(id)
      writer.write(messages[id])
    }
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    for _ in 0..<(try reader.read() as UInt64) {
      let id: CandidateID = try reader.read()
      let sent: Sent? = try reader.read()
      order.append(id)
      messages[id] = sent
    }
  }
}

extension SentMessages.Sent: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(user)
    writer.write(business)
    writer.write(scene)
    writer.write(source)
    writer.write(topic)
    writer.write(material)
    writer.write(until)
    writer.write(settled)
    writer.write(receipts)
    writer.write(isQuiet)
    writer.write(pseudonym)
  }
  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      user: try reader.read(), business: try reader.read(), scene: try reader.read(), source: try reader.read(),
      topic: try reader.read(), material: try reader.read(), until: try reader.read(), settled: try reader.read(),
      receipts: try reader.read(), isQuiet: try reader.read())
    if reader.format >= 8 { pseudonym = try reader.read() }
  }
}
