import AttuneModel
import ChannelLog
import Delivery
import Foundation
import GRDB
import Runtime
import Store
import StoreSQLite
import StoreTesting
import Testing

@testable import Reach

/// Stores of older formats, made by the builds of that time: they are read as they were, and go on.
@Suite struct GoldenTests {
  @Test(arguments: GoldenStore.names) func tellsWhatItTold(name: String) throws {
    let golden = try GoldenStore(name)
    // Read as it is; brought up to date; read again.
    let before = try SQLiteStore.read(golden.folder)
    try golden.check(before, "before, read")
    let state = try Ledger(recovering: before.journal).engine.checkpoint()
    let store = try SQLiteStore.open(golden.folder)
    try golden.check(store, "opened")
    #expect(try Ledger(recovering: store.journal).engine.checkpoint() == state)
    try Projector(store: store).catchUp()
    try golden.check(store, "indexed")
    try store.close()
    try golden.check(try SQLiteStore.read(golden.folder), "after, read")
  }

  /// The old checkpoint says the same as all the old batches.
  @Test(arguments: GoldenStore.names) func theCheckpointIsWhatTheJournalSays(name: String) throws {
    let golden = try GoldenStore(name)
    let journal = try SQLiteStore.read(golden.folder).journal
    #expect(try journal.latestCheckpoint()?.sequence == golden.expected.checkpoints.last)
    let state = try Ledger(recovering: journal).engine.noted
    for checkpoint in golden.expected.checkpoints {
      try FileManager.default.removeItem(atPath: golden.folder + "/checkpoint-\(checkpoint)")
    }
    let ledger = try Ledger(recovering: journal)
    #expect(ledger.sequence == golden.expected.lastSequence)
    #expect(ledger.engine.noted == state)
  }

  @Test(arguments: GoldenStore.names) func goesOn(name: String) async throws {
    let golden = try GoldenStore(name)
    var store = try SQLiteStore.open(golden.folder)
    var ledger = try Ledger(recovering: store.journal)
    let clock = ledger.engine.clock
    let reservation = Reservation(id: "new", user: "new", business: "hesitating-buyer")
    try ledger.commit(Batch(pace: .live, clock: clock + .minutes(1), inputs: [.reserve(reservation)]))
    try ledger.checkpoint()
    try ledger.commit(Batch(pace: .live, clock: clock + .days(2), inputs: [.reserve(reservation)]))
    let state = ledger.engine.checkpoint()
    let pending = try store.outbox.counts()
    try store.close()

    store = try SQLiteStore.open(golden.folder)
    let checkpoint = try #require(try store.journal.latestCheckpoint())
    #expect(checkpoint.sequence == golden.expected.lastSequence + 1)
    #expect(checkpoint.state.first == StoreFormat.current)
    let again = try Ledger(recovering: store.journal)
    #expect(again.engine.checkpoint() == state)
    #expect(try Projector(store: store).traces(of: "new").map(\.outcome) == [.reserved, .reserved])
    // What waited is sent: the messages of both formats.
    let settled = Settlements(store.journal)
    let sender = Sender(
      outbox: store.outbox, channels: [try LogChannel(path: golden.folder + "/sent.ndjson")],
      now: { clock + .days(2) }, settle: settled.append)
    try await sender.drain()
    let after = try store.outbox.counts()
    #expect(after.queued == 0 && after.claimed == 0 && after.withheld == 0)
    #expect(
      after.settled.values.reduce(0, +)
        == pending.queued + pending.claimed + pending.withheld + pending.settled.values.reduce(0, +))
    try store.close()
  }

  /// One byte of a row, and it is named.
  @Test(arguments: [
    ("journal", "inputs", "the inputs of batch 1601 are damaged"),
    ("journal", "decisions", "the decisions of batch 1601 are damaged"),
    ("journal", "traces", "the traces of batch 1601 are damaged"),
    ("journal", "tally", "the counts of batch 1601 are damaged"),
    ("outbox", "message", "row 144 in the outbox of"),
  ])
  func aChangedByteIsNamed(table: String, column: String, says: String) throws {
    let golden = try GoldenStore("6-everything")
    let key = table == "journal" ? "sequence" : "position"
    try golden.change(
      """
      UPDATE \(table) SET \(column) = CAST(substr(\(column), 1, 1) || x'7f' || substr(\(column), 3) AS BLOB)
      WHERE \(key) = (SELECT max(\(key)) FROM \(table))
      """)
    for open in [{ try SQLiteStore.read($0) }, { try SQLiteStore.open($0) }] as [(String) throws -> OpenedStore] {
      let store = try open(golden.folder)
      let error = #expect(throws: StoreError.self) {
        _ = try Ledger(recovering: store.journal)
        _ = try Projector(store: store).traces(of: "g0")
        _ = try Projector(store: store).tally()
        _ = try (store.outbox.claimed(), store.outbox.claim(limit: 1000, now: .distantFuture))
        for channel in try store.outbox.channels() {
          _ = try store.outbox.claim(channel: channel, class: .marketing, limit: 1000, now: .distantFuture)
        }
      }
      // Of a store open for reading nothing is claimed.
      if error?.code == .readOnly { continue }
      #expect(error?.code == .damaged && error?.message.contains(says) == true, "\(error?.message ?? "")")
    }
  }

  /// A checkpoint is a copy: a damaged one costs time, nothing else.
  @Test(arguments: GoldenStore.names) func aChangedCheckpointIsNotUsed(name: String) throws {
    let golden = try GoldenStore(name)
    let journal = try SQLiteStore.read(golden.folder).journal
    let state = try Ledger(recovering: journal).engine.noted
    for number in golden.expected.checkpoints {
      let file = URL(fileURLWithPath: golden.folder + "/checkpoint-\(number)")
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: file)
    }
    #expect(try journal.latestCheckpoint() == nil)
    #expect(try Ledger(recovering: journal).engine.noted == state)
  }

  @Test(arguments: ["6-everything", "6-fatigue"]) func anotherVersionIsNotDamaged(name: String) throws {
    let golden = try GoldenStore(name)
    for (key, number) in [("format.database", 4), ("format.database", 2)] {
      try golden.change("UPDATE meta SET value = '\(number)' WHERE key = '\(key)'")
      for open in [{ try SQLiteStore.read($0) }, { try SQLiteStore.open($0) }] as [(String) throws -> OpenedStore] {
        let error = #expect(throws: StoreError.self) { try open(golden.folder) }
        #expect(error?.code == .otherVersion)
      }
    }
    try golden.change("UPDATE meta SET value = '3' WHERE key = 'format.database'")
    // Opened alone it stays what it was; written to, it is brought up to date.
    let store = try SQLiteStore.open(golden.folder)
    #expect(try store.notes.note("format") == nil)
    try store.notes.setNote("written", to: "1")
    try store.close()
    try golden.change("UPDATE meta SET value = '9' WHERE key = 'format'")
    let error = #expect(throws: StoreError.self) { try SQLiteStore.open(golden.folder) }
    #expect(error?.code == .otherVersion && error?.message.contains("newer version") == true)
    // And nothing was done to it.
    try golden.change("UPDATE meta SET value = '8' WHERE key = 'format'")
    try golden.check(try SQLiteStore.open(golden.folder), "after the refusal")
  }

  /// Settlements as the journal's inputs.
  private final class Settlements: Sendable {
    let journal: any Journal

    init(_ journal: any Journal) { self.journal = journal }

    @Sendable func append(_ settlements: [Settlement]) throws {
      var ledger = try Ledger(recovering: journal)
      try ledger.commit(
        Batch(pace: .live, clock: ledger.engine.clock, inputs: settlements.map(Input.settlement)))
    }
  }
}

extension Engine {
  /// What was noted at all times. Not among it: the salt of pseudonyms, and how long clicks take, which both begin with
  /// what an engine of this format sees.
  fileprivate var noted: [UInt8] {
    var writer = ByteWriter()
    writer.write(time)
    writer.write(source)
    for partition in partitions {
      writer.write(partition.reaches)
      writer.write(partition.seats)
      writer.write(partition.named)
      for (user, profile) in partition.profiles.sorted(by: { $0.key < $1.key }) {
        writer.write(user)
        writer.write(profile)
      }
    }
    for (name, choice) in choices.sorted(by: { $0.key < $1.key }) {
      writer.write(name)
      writer.write(choice.copies)
    }
    return writer.bytes
  }
}
