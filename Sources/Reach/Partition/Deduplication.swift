import AttuneModel
import DequeModule

/// The ids seen within the horizon, as 128-bit hashes of (user, id).
struct Deduplication: Sendable {
  struct Key: Hashable, Sendable {
    var a: UInt64
    var b: UInt64

    init(user: String, id: String) {
      a = StableHash.of(user, id, seed: 1).value()
      b = StableHash.of(id, user, seed: 2).value()
    }
  }

  fileprivate struct Entry: Sendable {
    var key: Key
    var forgotten: Instant
  }

  private var seen: Set<Key> = []
  private var order: Deque<Entry> = []

  /// False if the id was seen before. Instants must not go back.
  mutating func insert(user: String, id: String, until: Instant) -> Bool {
    let key = Key(user: user, id: id)
    guard seen.insert(key).inserted else { return false }
    order.append(Entry(key: key, forgotten: until))
    return true
  }

  mutating func forget(before now: Instant) {
    while let first = order.first, first.forgotten <= now {
      order.removeFirst()
      seen.remove(first.key)
    }
  }
}

extension Deduplication: BinaryCodable {
  func encode(into writer: inout ByteWriter) { writer.write(Array(order)) }
  init(from reader: inout ByteReader) throws(BinaryError) {
    order = Deque(try reader.read() as [Entry])
    seen = Set(order.map(\.key))
  }
}

extension Deduplication.Entry: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(key.a)
    writer.write(key.b)
    writer.write(forgotten)
  }
  init(from reader: inout ByteReader) throws(BinaryError) {
    key = Deduplication.Key(a: try reader.read(), b: try reader.read())
    forgotten = try reader.read()
  }
}

extension Deduplication.Key {
  fileprivate init(a: UInt64, b: UInt64) {
    self.a = a
    self.b = b
  }
}
