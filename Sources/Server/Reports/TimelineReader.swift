import AttuneModel
import Runtime
import Store

/// Every answer given on one user, newest first, a page at a time.
struct TimelineReader {
  /// Where a page ended: the batch, and the place of the answer among the batch's on that user.
  struct Cursor: Hashable, Comparable, LosslessStringConvertible {
    var batch: Int64
    var place: Int

    static func < (a: Cursor, b: Cursor) -> Bool { (a.batch, a.place) < (b.batch, b.place) }

    var description: String { "\(batch).\(place)" }

    init(batch: Int64, place: Int) {
      self.batch = batch
      self.place = place
    }

    init?(_ description: String) {
      let parts = description.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, let batch = Int64(parts[0]), let place = Int(parts[1]) else { return nil }
      self.init(batch: batch, place: place)
    }
  }

  struct Page: Sendable {
    var entries: [TimelineEntry] = []
    /// Nil: there is nothing older.
    var next: Cursor?
  }

  let store: OpenedStore
  let user: String
  /// Only this business's, if one is named.
  let business: String?

  func page(before cursor: Cursor?, limit: Int) throws -> Page {
    var page = Page()
    var last: Cursor?
    let recording = Recording(store)
    // What came of a message stands in a later batch than the message.
    var ends: [CandidateID: JournaledSettlement] = [:]
    for batch in try Projector(store: store).batches(of: user).reversed() {
      guard let row = try recording.batch(batch) else { continue }
      for end in try row.settled().reversed() where end.settlement.user == user {
        let message = end.settlement.message
        if let later = ends[message], end.yields(to: later) { continue }
        ends[message] = end
      }
      guard batch <= cursor?.batch ?? .max else { continue }
      let traces = try row.traced(of: user)
      for (place, trace) in traces.enumerated().reversed() {
        let here = Cursor(batch: batch, place: place)
        if let cursor, here >= cursor { continue }
        if let business, trace.business != business { continue }
        if page.entries.count == limit {
          page.next = last
          return page
        }
        page.entries.append(TimelineEntry(trace: trace, among: ends))
        last = here
      }
    }
    return page
  }
}
