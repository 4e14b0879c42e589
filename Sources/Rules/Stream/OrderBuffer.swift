public import Model

/// Events that wait for their turn: they leave in the order (instant, arrival).
public struct OrderBuffer: Sendable {
  public struct Waiting: Sendable {
    public var event: Event
    /// The event's place in the order of arrival.
    public var sequence: UInt64
  }

  /// A binary heap of small entries, so that sifting moves no events.
  private struct Entry {
    var at: Instant
    var sequence: UInt64
    var place: Int

    static func < (a: Entry, b: Entry) -> Bool { (a.at, a.sequence) < (b.at, b.sequence) }
  }

  private var heap: ContiguousArray<Entry> = []
  private var events: ContiguousArray<Event?> = []
  private var vacant: ContiguousArray<Int> = []

  public init() {}

  public var first: Instant? { heap.first?.at }
  public var count: Int { heap.count }

  public mutating func insert(_ event: consuming Event, sequence: UInt64) {
    let entry = Entry(at: event.at, sequence: sequence, place: vacant.popLast() ?? events.count)
    let waiting: Event? = consume event
    if entry.place == events.count { events.append(waiting) } else { events[entry.place] = waiting }
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  public mutating func popFirst() -> Waiting? { popFirst(through: .distantFuture) }

  /// The first one, if it is not after `instant`.
  public mutating func popFirst(through instant: Instant) -> Waiting? {
    guard let first = heap.first, first.at <= instant, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    vacant.append(first.place)
    guard let event = events[first.place].take() else { return nil }
    return Waiting(event: event, sequence: first.sequence)
  }

  /// Forgets a user's events.
  public mutating func erase(user: String) {
    let kept = sorted.filter { $0.event.user != user }
    self = OrderBuffer()
    for waiting in kept { insert(waiting.event, sequence: waiting.sequence) }
  }

  private var sorted: [Waiting] {
    heap.sorted(by: <).compactMap { entry in
      events[entry.place].map { Waiting(event: $0, sequence: entry.sequence) }
    }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}

extension OrderBuffer: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(sorted) }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    for waiting in try reader.read() as [Waiting] { insert(waiting.event, sequence: waiting.sequence) }
  }
}

extension OrderBuffer.Waiting: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(event)
    writer.write(sequence)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(event: try reader.read(), sequence: try reader.read())
  }
}
