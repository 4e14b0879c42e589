import AttuneModel
import Store

struct MemoryJournal: Journal {
  let session: MemoryStore.Session
  let lastAtOpening: Int64

  var lastSequence: Int64 {
    session.isReadOnly ? lastAtOpening : (try? session.reading { $0.last }) ?? lastAtOpening
  }

  func firstSequence() throws(StoreError) -> Int64 { try session.reading { $0.trimmed + 1 } }

  func append(_ commit: Commit) throws(StoreError) {
    try session.writing { content throws(StoreError) in
      let batch = commit.batch
      guard batch.sequence == content.last + 1 else {
        let code: StoreError.Code = batch.sequence <= content.last ? .duplicate : .outOfOrder
        throw StoreError(code, "cannot append batch \(batch.sequence) in memory: the last one is \(content.last)")
      }
      try content.enqueue(commit.queue)
      content.batches.append(batch)
      content.history.append(commit.history)
      content.last = batch.sequence
      content.recall(commit.withdraw)
      content.settle(commit.settle, at: batch.clock)
    }
  }

  func batches(after sequence: Int64, _ body: (JournalBatch) throws -> Void) throws {
    var sequence = sequence
    while case let few = try few(after: sequence), let last = few.last {
      for batch in few { try body(batch) }
      sequence = last.sequence
    }
  }

  private func few(after sequence: Int64) throws(StoreError) -> ArraySlice<JournalBatch> {
    try session.reading { content throws(StoreError) in
      guard sequence >= content.trimmed else {
        throw StoreError(.trimmed, "the journal in memory begins with batch \(content.trimmed + 1)")
      }
      return content.batches.dropFirst(Int(clamping: sequence - content.trimmed)).prefix(32)
    }
  }

  func batch(_ sequence: Int64) throws(StoreError) -> JournalBatch? {
    try session.reading { content in
      guard sequence > content.trimmed, sequence <= content.last else { return nil }
      return content.batches[Int(sequence - content.trimmed) - 1]
    }
  }

  func sequence(before instant: Instant) throws(StoreError) -> Int64 {
    try session.reading { content in
      guard let newest = content.batches.last, newest.clock > .distantPast else { return content.trimmed }
      return content.batches.last { $0.clock < instant }?.sequence ?? content.trimmed
    }
  }

  func saveCheckpoint(_ state: [UInt8], at sequence: Int64) throws(StoreError) {
    try session.writing { content throws(StoreError) in
      guard sequence <= content.last else {
        throw StoreError(
          .outOfOrder, "cannot save a checkpoint of batch \(sequence) in memory: the last one is \(content.last)")
      }
      content.checkpoints.removeAll { $0.sequence == sequence }
      content.checkpoints.append((sequence, state))
      content.checkpoints.sort { $0.sequence > $1.sequence }
      content.checkpoints.removeLast(max(0, content.checkpoints.count - 2))
    }
  }

  func latestCheckpoint() throws(StoreError) -> (sequence: Int64, state: [UInt8])? {
    try session.reading { content in content.checkpoints.first { $0.sequence <= content.last } }
  }

  func trim(through sequence: Int64) throws(StoreError) {
    try session.writing { content throws(StoreError) in
      let checkpoint = content.checkpoints.first { $0.sequence <= content.last }?.sequence ?? 0
      guard sequence <= checkpoint else {
        throw StoreError(
          .stillNeeded,
          "cannot trim the journal in memory through batch \(sequence): the newest checkpoint has number "
            + "\(checkpoint)")
      }
      content.batches.removeAll { $0.sequence <= sequence }
      content.trimmed = max(content.trimmed, sequence)
    }
  }
}
