import AttuneModel
import Store
import StoreMemory
import StoreTesting
import Testing

@Suite struct ConformanceTests {
  @Test(arguments: Implementation.allCases, StoreConformance.all)
  func conforms(implementation: Implementation, check: StoreConformance.Check) throws {
    try check.run(try implementation.place())
  }

  /// The checks themselves: stores with one fault each are found out.
  @Test func brokenStoresAreFoundOut() throws {
    func failures(_ change: @escaping (inout OpenedStore) -> Void) -> [String] {
      StoreConformance.all.compactMap { check in
        let memory = MemoryStore()
        do {
          try check.run {
            var store = memory.open()
            change(&store)
            return store
          }
          return nil
        } catch { return check.name }
      }
    }
    #expect(failures { _ in } == [])
    let forgetsSettlements = failures { $0.journal = BrokenJournal(base: $0.journal, fault: .forgetsSettlements) }
    #expect(forgetsSettlements.contains("outbox: an append is one transaction"), "\(forgetsSettlements)")
    let acknowledgesNothing = failures { $0.journal = BrokenJournal(base: $0.journal, fault: .acknowledgesNothing) }
    #expect(acknowledgesNothing.contains("journal: batches come back as they were appended"), "\(acknowledgesNothing)")
    let trimless = failures { $0.journal = BrokenJournal(base: $0.journal, fault: .neverTrims) }
    let trimming = [
      "journal: trimmed up to a checkpoint", "journal: trimmed to the last batch, it goes on",
      "faults: a torn checkpoint falls back to the one before",
    ]
    #expect(trimless == trimming)
  }

  /// The same seed, the same faults.
  @Test func faultsComeFromTheSeed() throws {
    func story(_ seed: UInt64) throws -> [StoreError.Code?] {
      let store = FaultyStore(seed: seed, share: 0.4).over(MemoryStore().open())
      return (0..<60).map { _ in storeErrorCode { try store.journal.add() } }
    }
    #expect(try story(1) == story(1))
    #expect(try story(1) != story(2))
    #expect(try Set(story(1)) == [nil, .diskFull, .io])
  }
}

/// A journal with one fault.
private struct BrokenJournal: Journal {
  enum Fault { case forgetsSettlements, acknowledgesNothing, neverTrims }

  let base: any Journal
  let fault: Fault

  var lastSequence: Int64 { base.lastSequence }
  func firstSequence() throws(StoreError) -> Int64 { try base.firstSequence() }

  func append(_ commit: Commit) throws(StoreError) {
    var commit = commit
    switch fault {
    case .forgetsSettlements: commit.settle = []
    case .acknowledgesNothing: return
    case .neverTrims: break
    }
    try base.append(commit)
  }

  func batches(after sequence: Int64, _ body: (JournalBatch) throws -> Void) throws {
    try base.batches(after: sequence, body)
  }

  func batch(_ sequence: Int64) throws(StoreError) -> JournalBatch? { try base.batch(sequence) }
  func sequence(before instant: Instant) throws(StoreError) -> Int64 { try base.sequence(before: instant) }

  func saveCheckpoint(_ state: [UInt8], at sequence: Int64) throws(StoreError) {
    try base.saveCheckpoint(state, at: sequence)
  }

  func latestCheckpoint() throws(StoreError) -> (sequence: Int64, state: [UInt8])? { try base.latestCheckpoint() }

  func trim(through sequence: Int64) throws(StoreError) {
    if fault == .neverTrims { return }
    try base.trim(through: sequence)
  }
}
