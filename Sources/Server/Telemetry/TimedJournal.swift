import AttuneModel
import Metrics
import Store

/// A journal, how long it takes to write, and whether it could.
struct TimedJournal: Journal {
  let journal: any Journal
  let commits: Timer
  let health: Health

  var lastSequence: Int64 { journal.lastSequence }

  func append(_ commit: Commit) throws(StoreError) {
    let start = ContinuousClock.now
    do { try journal.append(commit) } catch {
      health.failed(error)
      throw error
    }
    health.committed(at: commit.batch.clock)
    commits.record(duration: ContinuousClock.now - start)
  }

  func firstSequence() throws(StoreError) -> Int64 { try journal.firstSequence() }

  func batches(after sequence: Int64, _ body: (JournalBatch) throws -> Void) throws {
    try journal.batches(after: sequence, body)
  }

  func batch(_ sequence: Int64) throws(StoreError) -> JournalBatch? { try journal.batch(sequence) }

  func sequence(before instant: Instant) throws(StoreError) -> Int64 { try journal.sequence(before: instant) }

  func saveCheckpoint(_ state: [UInt8], at sequence: Int64) throws(StoreError) {
    try journal.saveCheckpoint(state, at: sequence)
  }

  func latestCheckpoint() throws(StoreError) -> (sequence: Int64, state: [UInt8])? { try journal.latestCheckpoint() }

  func trim(through sequence: Int64) throws(StoreError) { try journal.trim(through: sequence) }
}
