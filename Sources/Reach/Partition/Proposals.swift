import AttuneModel
import DequeModule
import Rules

/// The candidates of absences that fired and can still be taken back, by the match they came from.
struct Proposals: Sendable {
  fileprivate struct Entry: Sendable {
    var match: Digest
    var at: Instant
    var candidates: [CandidateID]
  }

  private var candidates: [Digest: [CandidateID]] = [:]
  /// In the order in which they were proposed.
  private var order: Deque<Entry> = []

  mutating func insert(_ match: Match, _ candidates: [CandidateID]) {
    let entry = Entry(match: match.digest, at: match.at, candidates: candidates)
    self.candidates[entry.match] = candidates
    order.append(entry)
  }

  /// Those of a match that is taken back; nil if it proposed none.
  mutating func remove(_ match: Match) -> [CandidateID]? { candidates.removeValue(forKey: match.digest) }

  /// Only frees memory: the matcher hands nothing out that is older.
  mutating func sweep(before now: Instant, _ retraction: TimeSpan) {
    while let first = order.first, first.at + retraction <= now {
      order.removeFirst()
      candidates[first.match] = nil
    }
  }
}

extension Proposals: BinaryCodable {
  func encode(into writer: inout ByteWriter) { writer.write(order.filter { candidates[$0.match] != nil }) }

  init(from reader: inout ByteReader) throws(BinaryError) {
    order = Deque(try reader.read() as [Entry])
    for entry in order { candidates[entry.match] = entry.candidates }
  }
}

extension Proposals.Entry: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(match)
    writer.write(at)
    writer.write(candidates)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    match = try reader.read()
    at = try reader.read()
    candidates = try reader.read()
  }
}
