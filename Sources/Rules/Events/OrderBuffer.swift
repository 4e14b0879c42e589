public import AttuneModel

/// Events that wait for their turn: they leave in the order (instant, arrival).
///
/// ```swift
/// buffer.insert(event, sequence: 7)
/// while let waiting = buffer.popFirst(through: watermark) { use(waiting.event) }
/// ```
public struct OrderBuffer: Sendable {
  /// An event with its place in the order of arrival.
  public struct Waiting: Sendable {
    public var event: Event
    /// The number it arrived under.
    public var sequence: UInt64

    public init(_ event: consuming Event, sequence: UInt64) {
      self.event = event
      self.sequence = sequence
    }
  }

  /// A binary heap of small entries, so that sifting moves no events.
  private struct Entry {
    var at: Instant
    var sequence: UInt64
    var place: Int

    static func < (a: Entry, b: Entry) -> Bool { (a.at, a.sequence) < (b.at, b.sequence) }
  }

  /// Behind the first `count` stand those that left, with the places they left vacant.
  private var heap: ContiguousArray<Entry> = []
  private var events: ContiguousArray<Event?> = []
  /// How many events wait.
  public private(set) var count = 0

  /// Nothing waits.
  public init() {}

  /// The instant of the event that leaves next; nil when none waits.
  public var first: Instant? { count > 0 ? heap[0].at : nil }

  /// Takes in an event. Events of one instant leave in the order of `sequence`, which is a number of its own for each.
  public mutating func insert(_ event: consuming Event, sequence: UInt64) {
    if count == heap.count {
      heap.append(Entry(at: event.at, sequence: sequence, place: count))
      events.append(consume event)
    } else {
      let place = heap[count].place
      heap[count] = Entry(at: event.at, sequence: sequence, place: place)
      events[place] = consume event
    }
    var child = count
    count += 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The event whose turn it is; nil when none waits.
  public mutating func popFirst() -> Waiting? { popFirst(through: .distantFuture) }

  /// The event whose turn it is, if it is not after `instant`.
  public mutating func popFirst(through instant: Instant) -> Waiting? {
    guard count > 0, heap[0].at <= instant else { return nil }
    let first = heap[0]
    count -= 1
    if count > 0 {
      heap.swapAt(0, count)
      sink()
    }
    var event: Event?
    swap(&event, &events[first.place])
    guard let event = consume event else { return nil }
    return Waiting(event, sequence: first.sequence)
  }

  /// Forgets a user's events.
  public mutating func erase(user: String) {
    let kept = sorted.filter { $0.event.user != user }
    self = OrderBuffer()
    for waiting in kept { insert(waiting.event, sequence: waiting.sequence) }
  }

  private var sorted: [Waiting] {
    heap[..<count].sorted(by: <).compactMap { entry in
      events[entry.place].map { Waiting($0, sequence: entry.sequence) }
    }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < count else { return }
      if child + 1 < count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[parent] else { return }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}

extension OrderBuffer: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(sorted) }

  /// - Throws: `BinaryError` for bytes that `encode` did not write.
  public init(from reader: inout ByteReader) throws(BinaryError) {
    for waiting in try reader.read() as [Waiting] { insert(waiting.event, sequence: waiting.sequence) }
  }
}

extension OrderBuffer.Waiting: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(event)
    writer.write(sequence)
  }

  /// - Throws: `BinaryError` for bytes that `encode` did not write.
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(try reader.read(), sequence: try reader.read())
  }
}
