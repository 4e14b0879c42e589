import AttuneModel
import Foundation
import Reach
import Runtime
import Store
import StoreSQLite
import Testing

/// Memory and journal stay in step, whatever happens between them.
@Suite struct LedgerTests {
  @Test func recoveryGivesTheStateThatWas() async throws {
    try await Workshop.inFolder { folder in
      var store = try SQLiteStore.open(folder)
      var ledger = try Ledger(recovering: store.journal)
      try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
      for minute: Int64 in 1...20 {
        try ledger.commit(
          Workshop.batch(.minutes(minute), [Workshop.buy("u\(minute % 3)", "i\(minute)", after: .minutes(minute))]))
        if minute == 7 { try ledger.checkpoint() }
      }
      let state = ledger.engine.checkpoint()
      let pending = try store.outbox.counts().queued
      #expect(pending > 0)
      try store.close()
      store = try SQLiteStore.open(folder)
      let again = try Ledger(recovering: store.journal)
      #expect(again.engine.checkpoint() == state)
      #expect(again.sequence == 21)
      #expect(try store.outbox.counts().queued == pending)
      try store.close()
    }
  }

  /// A real full disk: SQLite may not grow beyond so many pages.
  @Test func aFullDiskLeavesNothingHalfDone() async throws {
    try await Workshop.inFolder { folder in
      var store = try SQLiteStore.open(folder, options: SQLiteStore.Options(maxPageCount: 60))
      var ledger = try Ledger(recovering: store.journal)
      try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
      var state = ledger.engine.checkpoint()
      var number: Int64 = 0
      var failure: StoreError?
      while failure == nil, number < 1000 {
        number += 1
        let inputs = (0..<20).map {
          Workshop.buy("u\(number)-\($0)", String(repeating: "x", count: 100), after: .seconds(number))
        }
        do {
          try ledger.commit(Workshop.batch(.seconds(number + 5), inputs))
          state = ledger.engine.checkpoint()
        } catch let error as StoreError { failure = error }
      }
      #expect(failure?.code == .diskFull)
      #expect(ledger.engine.checkpoint() == state, "memory is what the journal says")
      let sequence = ledger.sequence
      try store.close()
      store = try SQLiteStore.open(folder)
      var again = try Ledger(recovering: store.journal)
      #expect(again.sequence == sequence)
      #expect(again.engine.checkpoint() == state)
      let effects = try again.commit(Workshop.batch(.hours(1), [Workshop.buy("later", "x", after: .minutes(59))]))
      #expect(effects.messages.contains { $0.user == "later" }, "with room again, it goes on")
      try store.close()
    }
  }

  @Test func idleTimeIsNotJournaled() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder)
      var ledger = try Ledger(recovering: store.journal)
      try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
      try ledger.commit(Workshop.batch(.zero, [Workshop.buy("u", "x", after: .zero)]))
      for second: Int64 in 0..<30 { try ledger.commit(Workshop.batch(.seconds(second), []), skipIdle: true) }
      #expect(store.journal.lastSequence == 3, "the configuration, the event, and the second in which it was decided")
      try store.close()
      let again = try Ledger(recovering: try SQLiteStore.open(folder).journal)
      #expect(again.engine.unsettled == ledger.engine.unsettled)
    }
  }

  /// Idle ticks are not journaled, so a clock that goes back after them must not be either: what was released by it
  /// would wait again after a crash, and be decided twice.
  @Test func aClockThatGoesBackIsNotJournaled() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder)
      var ledger = try Ledger(recovering: store.journal)
      try ledger.commit(Workshop.batch(.zero, [.configuration(try Workshop.source())]))
      try ledger.commit(Workshop.batch(.minutes(10), []), skipIdle: true)
      let effects = try ledger.commit(Workshop.batch(.minutes(1), [Workshop.buy("u", "x", after: .minutes(1))]))
      #expect(effects.messages.count == 1)
      var again = try Ledger(recovering: store.journal)
      #expect(again.engine.clock == Workshop.start + .minutes(10))
      #expect(again.engine.buffered == 0)
      #expect(try again.commit(Workshop.batch(.minutes(11), [])).messages.isEmpty, "it was sent before the crash")
      try store.close()
    }
  }

  @Test func aForeignFormatStopsTheStart() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder)
      try store.journal.append(Commit(JournalBatch(sequence: 1, clock: Workshop.start, inputs: [99, 0])))
      let error = #expect(throws: StoreError.self) { try Ledger(recovering: store.journal) }
      #expect(error?.code == .otherVersion)
      #expect(error?.message.contains("inputs of batch 1 are another version's: byte 0 says format 99") == true)
    }
  }
}
