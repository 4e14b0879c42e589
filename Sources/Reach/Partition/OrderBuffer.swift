import HeapModule
import Model

/// Events that wait for their turn: they leave in the order (instant, arrival).
struct OrderBuffer: Sendable {
  struct Waiting: Comparable, Sendable {
    var event: Event
    /// The event's place in the order of arrival.
    var sequence: UInt64

    static func < (a: Waiting, b: Waiting) -> Bool { (a.event.at, a.sequence) < (b.event.at, b.sequence) }
    static func == (a: Waiting, b: Waiting) -> Bool { a.sequence == b.sequence }
  }

  private var heap = Heap<Waiting>()

  var first: Instant? { heap.min?.event.at }
  var count: Int { heap.count }

  mutating func insert(_ event: Event, sequence: UInt64) { heap.insert(Waiting(event: event, sequence: sequence)) }
  mutating func popFirst() -> Waiting? { heap.popMin() }

  mutating func erase(user: String) {
    heap = Heap(heap.unordered.filter { $0.event.user != user })
  }
}

extension OrderBuffer: BinaryCodable {
  func encode(into writer: inout ByteWriter) { writer.write(heap.unordered.sorted()) }
  init(from reader: inout ByteReader) throws(BinaryError) { heap = Heap(try reader.read() as [Waiting]) }
}

extension OrderBuffer.Waiting: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(event)
    writer.write(sequence)
  }
  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(event: try reader.read(), sequence: try reader.read())
  }
}
