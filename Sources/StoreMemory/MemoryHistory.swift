import AttuneModel
import Store

struct MemoryHistory: History {
  let session: MemoryStore.Session

  func firstSequence() throws(StoreError) -> Int64 { try session.reading { $0.historyTrimmed + 1 } }

  func batch(_ sequence: Int64) throws(StoreError) -> HistoryBatch? {
    try session.reading { content in
      guard sequence > content.historyTrimmed, sequence <= content.last else { return nil }
      return content.history[Int(sequence - content.historyTrimmed) - 1]
    }
  }

  func batches(after sequence: Int64, _ body: (HistoryBatch) throws -> Void) throws {
    var sequence = sequence
    while case let few = try few(after: sequence), let last = few.last {
      for batch in few { try body(batch) }
      sequence = last.sequence
    }
  }

  private func few(after sequence: Int64) throws(StoreError) -> ArraySlice<HistoryBatch> {
    try session.reading { content throws(StoreError) in
      guard sequence >= content.historyTrimmed else {
        throw StoreError(.trimmed, "the history in memory begins with batch \(content.historyTrimmed + 1)")
      }
      return content.history.dropFirst(Int(clamping: sequence - content.historyTrimmed)).prefix(32)
    }
  }

  func indexedThrough() throws(StoreError) -> Int64 { try session.reading { $0.indexed } }

  func index(_ projections: [Projection]) throws(StoreError) {
    try session.writing { content throws(StoreError) in
      let new = projections.drop { $0.batch <= content.indexed }
      for (expected, projection) in zip((content.indexed + 1)..., new) where projection.batch != expected {
        throw StoreError(
          .outOfOrder, "cannot index batch \(projection.batch) in memory: the last one is \(expected - 1)")
      }
      for projection in new {
        content.indexed = projection.batch
        for user in Set(projection.users) { content.users[user, default: []].append(projection.batch) }
        content.funnel.merge(projection.tally)
      }
    }
  }

  func batches(of user: String) throws(StoreError) -> [Int64] {
    try session.reading { content in (content.users[user] ?? []).filter { $0 > content.historyTrimmed } }
  }

  func funnel() throws(StoreError) -> Tally { try session.reading { $0.funnel } }

  func messages(_ stages: [Tally.Stage]) throws(StoreError) -> Tally {
    try session.reading { content in
      var tally = Tally()
      for (key, count) in content.funnel.counts where stages.contains(key.stage) && !key.detail.isEmpty {
        tally.add(Tally.Key(day: key.day, stage: key.stage, detail: key.detail), count)
      }
      return tally
    }
  }

  func trim(through sequence: Int64) throws(StoreError) {
    try session.writing { content throws(StoreError) in
      guard sequence <= content.indexed else {
        throw StoreError(
          .stillNeeded,
          "cannot trim the history in memory through batch \(sequence): timelines and funnel know of "
            + "\(content.indexed)")
      }
      content.history.removeAll { $0.sequence <= sequence }
      content.historyTrimmed = max(content.historyTrimmed, sequence)
    }
  }
}
