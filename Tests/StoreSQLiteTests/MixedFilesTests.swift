import AttuneModel
import Foundation
import GRDB
import Materials
import Store
import StoreTesting
import Testing

@testable import StoreSQLite

/// Files of random moments of one store, put together, cut, changed: what is opened without a word has everything, and the
/// files of one moment always are.
@Suite struct MixedFilesTests {
  private let folder = StoreFolder()
  private let files = FileManager.default
  private static let names = ["attune.db", "attune.db-wal", "checkpoints"]

  /// All that a store tells.
  private struct Content: Equatable {
    var batches: [JournalBatch]
    var outbox: OutboxCounts
    var claimed: [Claim]
    var note: String?
    var copies: [LibraryCopy]

    init(_ store: OpenedStore) throws {
      batches = try store.journal.all()
      outbox = try store.outbox.counts()
      claimed = try store.outbox.claimed()
      note = try store.notes.note("n")
      copies = try store.copies.copies()
    }

    /// Named, not shown: they are large.
    func differences(from other: Self) -> [String] {
      [
        ("journal", batches == other.batches), ("outbox", outbox == other.outbox), ("claims", claimed == other.claimed),
        ("note", note == other.note), ("copies", copies == other.copies),
      ].filter { !$0.1 }.map(\.0)
    }
  }

  /// With a log that begins anew after a few pages.
  private func reopen() throws -> OpenedStore {
    let store = try folder.reopen()
    let file = try #require(store.journal as? SQLiteJournal).file
    try file.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 20") }
    return store
  }

  /// Some work: enough of it now and then that the log begins anew.
  private func work(_ store: OpenedStore, _ random: inout SeededGenerator) throws {
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let next = store.journal.lastSequence + 1
      switch Int.random(in: 0..<6, using: &random) {
      case 0: try store.notes.setNote("n", to: "\(random.next())")
      case 1: _ = try store.outbox.claim(limit: 2, now: at(next))
      case 2:
        let copy = try LibraryCopy(id: "c\(next)", title: "t", body: "b\(random.next())")
        _ = try store.copies.saveCopies([copy], at: at(next))
      case 3 where next > 1: try store.journal.saveCheckpoint([UInt8(next - 1)], at: next - 1)
      default:
        let claimed = try store.outbox.claimed().map(\.message.id).filter { _ in Bool.random(using: &random) }
        try store.journal.add(
          queue: [message(UInt64(next) * 2), message(UInt64(next) * 2 + 1)],
          settle: claimed.map { Settlement(message: $0, outcome: .accepted) },
          size: Int.random(in: 1...20_000, using: &random))
      }
    }
  }

  private func copy(to place: String) throws {
    try files.createDirectory(atPath: place, withIntermediateDirectories: true)
    for name in try files.contentsOfDirectory(atPath: folder.path)
    where (name.hasPrefix("attune.") || name.hasPrefix("checkpoint-")) && !name.hasSuffix("lock")
      && !name.hasSuffix("-shm")
    {
      try files.copyItem(atPath: folder.path + "/" + name, toPath: place + "/" + name)
    }
  }

  private func take(_ name: String, from place: String, to folder: String) throws {
    for file in try files.contentsOfDirectory(atPath: place)
    where file == name || name == "checkpoints" && file.hasPrefix("checkpoint-") {
      try files.copyItem(atPath: place + "/" + file, toPath: folder + "/" + file)
    }
  }

  private func harm(_ path: String, _ random: inout SeededGenerator) throws {
    guard var bytes = files.contents(atPath: path), !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    if Bool.random(using: &random) {
      bytes = bytes.prefix(place)
    } else {
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    }
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  /// Opens what `attempt` holds.
  private func expect(_ truth: Content, in attempt: String, _ spot: String, sound: Bool) {
    do {
      let opened = try SQLiteStore.open(attempt)
      let checkpoint = try opened.journal.latestCheckpoint()
      if let checkpoint { #expect(checkpoint.state == [UInt8(checkpoint.sequence)], "\(spot)") }
      let content = try Content(opened)
      if opened.findings.isEmpty { #expect(content.differences(from: truth) == [], "\(spot)") }
      if sound { #expect(opened.findings == [], "\(spot)") }
      try opened.close()
    } catch {
      let error = error as? StoreError
      #expect([.lost, .damaged].contains(error?.code) && !sound, "\(spot): \(String(describing: error))")
    }
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>) func anyFilesOfAnyMoment(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var store = try reopen()
    var moments: [String] = []
    for moment in 0..<6 {
      if Int.random(in: 0..<4, using: &random) == 0 { store = try reopen() }
      try work(store, &random)
      moments.append(folder.path + "/moment-\(moment)")
      try copy(to: moments[moment])
    }
    let truth = try Content(store)
    if Int.random(in: 0..<3, using: &random) == 0 {
      try store.close()
      moments[5] = folder.path + "/closed"
      try copy(to: moments[5])
    }
    for attempt in 0..<6 {
      let place = folder.path + "/attempt-\(attempt)"
      try files.createDirectory(atPath: place, withIntermediateDirectories: true)
      try take("attune.mark", from: moments[5], to: place)
      var spot = "seed \(seed)"
      for name in Self.names {
        // One of them, two, or all.
        let moment = attempt > 0 && Bool.random(using: &random) ? Int.random(in: 0..<6, using: &random) : 5
        try take(name, from: moments[moment], to: place)
        spot += ", \(name) of \(moment)"
      }
      if attempt > 3 {
        let name = Self.names[Int.random(in: 0..<2, using: &random)]
        try harm(place + "/" + name, &random)
        spot += ", \(name) harmed"
      }
      expect(truth, in: place, spot, sound: attempt == 0)
    }
  }
}
