import AttuneModel
import Metrics
import Storage

/// A journal, how long it takes to write, and whether it could.
struct TimedJournal: Journal {
  let journal: any Journal
  let commits: Timer
  let health: Health

  var lastSequence: Int64 { journal.lastSequence }

  func append(
    _ batch: JournalBatch, queue: [Message], withdraw: [CandidateID], settle: [Settlement]
  ) throws(StoreError) {
    let start = ContinuousClock.now
    do { try journal.append(batch, queue: queue, withdraw: withdraw, settle: settle) } catch {
      health.failed(error)
      throw error
    }
    health.committed()
    commits.record(duration: ContinuousClock.now - start)
  }

  func batches(after sequence: Int64, _ body: (JournalBatch) throws -> Void) throws {
    try journal.batches(after: sequence, body)
  }

  func saveCheckpoint(_ state: [UInt8], at sequence: Int64) throws(StoreError) {
    try journal.saveCheckpoint(state, at: sequence)
  }

  func latestCheckpoint() throws(StoreError) -> (sequence: Int64, state: [UInt8])? { try journal.latestCheckpoint() }
}
