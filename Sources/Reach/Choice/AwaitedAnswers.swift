import AttuneModel
import HeapModule
import Learning

/// Messages whose clicks may still come, with what was known of the user when they were sent.
struct AwaitedAnswers: Sendable {
  struct Entry: Sendable {
    var business: String
    var copy: String
    /// Drawn at random.
    var isRandom: Bool
    var isQuiet: Bool
    var sent: Instant
    /// From here on a click no longer counts for it.
    var until: Instant
    var context: Context
    /// How lately the user had seen the copy: 1 just before, 0 never.
    var freshness = 0.0
    /// Whether it was counted as one without a click.
    var isCounted = false
  }

  /// When something of an entry is due: first that it counts as one without a click, then that it is forgotten.
  private struct Due: Comparable, Sendable {
    var at: Instant
    var id: CandidateID

    static func < (a: Due, b: Due) -> Bool { (a.at, a.id) < (b.at, b.id) }
  }

  private var entries: [CandidateID: Entry] = [:]
  private var dues = Heap<Due>()

  var first: Instant? { dues.min?.at }

  subscript(id: CandidateID) -> Entry? { entries[id] }

  /// - Parameter due: when it is asked first whether it counts as one without a click.
  mutating func insert(_ entry: Entry, id: CandidateID, due: Instant) {
    entries[id] = entry
    dues.insert(Due(at: min(due, entry.until), id: id))
  }

  /// It never arrived, or its user is gone.
  @discardableResult
  mutating func remove(_ id: CandidateID) -> Entry? { entries.removeValue(forKey: id) }

  /// What was hoped for has come: it will not count as one without an answer.
  mutating func answer(_ id: CandidateID) { entries[id]?.isCounted = true }

  /// The next one that has waited long enough without an answer; each once.
  /// - Parameter wait: how old an entry must be to be asked again, from how old it is; nil: it counts now.
  mutating func popSilent(through now: Instant, wait: (CandidateID, Entry, TimeSpan) -> TimeSpan?) -> Entry? {
    while let due = dues.min, due.at <= now {
      _ = dues.popMin()
      guard var entry = entries[due.id] else { continue }
      if due.at < entry.until, !entry.isCounted, let wait = wait(due.id, entry, due.at - entry.sent) {
        dues.insert(Due(at: min(entry.sent + wait, entry.until), id: due.id))
        continue
      }
      if due.at >= entry.until { entries[due.id] = nil } else { dues.insert(Due(at: entry.until, id: due.id)) }
      if entry.isCounted { continue }
      entry.isCounted = true
      if due.at < entry.until { entries[due.id] = entry }
      return entry
    }
    return nil
  }
}

extension AwaitedAnswers: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(entries.count))
    for (id, entry) in entries.sorted(by: { $0.key < $1.key }) {
      writer.write(id)
      writer.write(entry)
    }
    // Those of entries that are gone would wake nobody.
    let alive = dues.unordered.filter { entries[$0.id] != nil }.sorted()
    writer.write(UInt64(alive.count))
    for due in alive {
      writer.write(due.at)
      writer.write(due.id)
    }
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    for _ in 0..<(try reader.read() as UInt64) {
      let id: CandidateID = try reader.read()
      entries[id] = try reader.read() as Entry
    }
    for _ in 0..<(try reader.read() as UInt64) {
      let at: Instant = try reader.read()
      dues.insert(Due(at: at, id: try reader.read()))
    }
  }
}

extension AwaitedAnswers.Entry: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(business)
    writer.write(copy)
    writer.write(isRandom)
    writer.write(isQuiet)
    writer.write(sent)
    writer.write(until)
    writer.write(context)
    writer.write(freshness)
    writer.write(isCounted)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      business: try reader.read(), copy: try reader.read(), isRandom: try reader.read(), isQuiet: try reader.read(),
      sent: try reader.read(), until: try reader.read(), context: try reader.read(), freshness: try reader.read(),
      isCounted: try reader.read())
  }
}
