import AttuneModel
import HeapModule

/// Candidates that were put off. They wake in the order (instant, priority descending, id).
struct Deferrals: Sendable {
  struct Deferral: Comparable, Sendable {
    var until: Instant
    var candidate: Candidate

    static func < (a: Deferral, b: Deferral) -> Bool {
      (a.until, b.candidate.priority, a.candidate.id) < (b.until, a.candidate.priority, b.candidate.id)
    }
  }

  private var heap = Heap<Deferral>()

  var first: Instant? { heap.min?.until }
  var count: Int { heap.count }

  mutating func insert(_ candidate: Candidate, until: Instant) {
    heap.insert(Deferral(until: until, candidate: candidate))
  }
  mutating func popFirst() -> Candidate? { heap.popMin()?.candidate }

  mutating func remove(_ id: CandidateID) -> Candidate? {
    let all = heap.unordered
    guard let found = all.first(where: { $0.candidate.id == id }) else { return nil }
    heap = Heap(all.filter { $0.candidate.id != id })
    return found.candidate
  }

  /// - Returns: those that were put off, in the order of their ids.
  mutating func erase(user: String) -> [Candidate] {
    let gone = heap.unordered.filter { $0.candidate.user == user }
    if gone.isEmpty { return [] }
    heap = Heap(heap.unordered.filter { $0.candidate.user != user })
    return gone.map(\.candidate).sorted { $0.id < $1.id }
  }
}

extension Deferrals: BinaryCodable {
  func encode(into writer: inout ByteWriter) { writer.write(heap.unordered.sorted()) }
  init(from reader: inout ByteReader) throws(BinaryError) { heap = Heap(try reader.read() as [Deferral]) }
}

extension Deferrals.Deferral: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(until)
    writer.write(candidate)
  }
  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(until: try reader.read(), candidate: try reader.read())
  }
}
