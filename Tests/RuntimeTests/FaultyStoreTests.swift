import AttuneModel
import Reach
import Runtime
import Store
import StoreMemory
import StoreSQLite
import StoreTesting
import TestSupport
import Testing

/// The engine on a store that fails at random: memory is never ahead of the journal, nor behind it.
@Suite struct FaultyStoreTests {
  enum Kind: CaseIterable { case memory, sqlite }

  @Test(arguments: Kind.allCases, 1...4 as ClosedRange<UInt64>)
  func memoryAndJournalStayInStep(kind: Kind, seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let memory = MemoryStore()
    let open = { () throws -> OpenedStore in
      kind == .memory ? memory.open() : try SQLiteStore.open(folder.path("store"), options: .init(synchronous: .off))
    }
    var sound = try open()
    let faults = FaultyStore(seed: seed, share: 0.25)
    var ledger = try Ledger(recovering: sound.journal)
    try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
    try sound.close()
    sound = try open()
    faults.next(.read, .slow(TimeSpan(milliseconds: 1)), .slow(TimeSpan(milliseconds: 1)))
    ledger = try Ledger(recovering: faults.over(sound).journal)
    var (acknowledged, failed) = (0, 0)
    for minute: Int64 in 1...60 {
      let input = Workshop.buy("u\(minute % 7)", "i\(minute)", after: .minutes(minute), id: "e\(minute)")
      // As a client would: the same again, under the same id, until it is acknowledged.
      for attempt in 1... {
        do {
          try ledger.commit(Workshop.batch(.minutes(minute), [input]))
          acknowledged += 1
          if minute % 9 == 0 { try? ledger.checkpoint() }
          break
        } catch {
          failed += 1
          try #require(attempt < 200, "seed \(seed): it never goes on: \(error)")
        }
      }
    }
    #expect(acknowledged == 60 && failed > 5, "seed \(seed)")
    // What the journal says is what is in memory; each event was taken in once.
    let again = try Ledger(recovering: sound.journal)
    #expect(again.sequence == ledger.sequence, "seed \(seed)")
    #expect(again.engine.checkpoint() == ledger.engine.checkpoint(), "seed \(seed)")
    #expect(try Projector(store: sound).tally().total(.accepted) == 60, "seed \(seed)")
    try sound.close()
  }

  /// Recovery needs the checkpoint and what follows it, and the timelines what the history keeps.
  @Test(arguments: Kind.allCases) func afterTheTrim(kind: Kind) throws {
    let folder = try TemporaryFolder()
    let memory = MemoryStore()
    let store =
      kind == .memory ? memory.open() : try SQLiteStore.open(folder.path("store"), options: .init(synchronous: .off))
    var ledger = try Ledger(recovering: store.journal)
    try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
    for minute: Int64 in 1...20 {
      try ledger.commit(
        Workshop.batch(
          .minutes(minute * 30), [Workshop.buy("u\(minute % 3)", "i\(minute)", after: .minutes(minute * 30))]))
      if minute == 15 { try ledger.checkpoint() }
    }
    let projector = Projector(store: store)
    let (traces, tally) = (try projector.traces(of: "u1"), try projector.tally())
    #expect(traces.count > 3)
    #expect(storeErrorCode { try store.journal.trim(through: 17) } == .stillNeeded)
    try store.journal.trim(through: 16)
    #expect(try Ledger(recovering: store.journal).engine.checkpoint() == ledger.engine.checkpoint())
    #expect(storeErrorCode { _ = try Recording(store).batch(3)?.inputs() } == .trimmed)
    #expect(try projector.traces(of: "u1") == traces, "what people read has a life of its own")
    try projector.catchUp()
    #expect(try projector.tally() == tally && projector.traces(of: "u1") == traces)
    try store.history.trim(through: 10)
    #expect(try projector.tally() == tally)
    #expect(try projector.traces(of: "u1") == traces.filter { $0.at > Workshop.start + .minutes(9 * 30) })
    #expect(storeErrorCode { try Recording(store).batches(after: 0) { _ in } } == .trimmed)
    try ledger.commit(Workshop.batch(.days(2), []))
    try store.close()
  }
}
