import AttuneModel
import Foundation
import Store
import StoreSQLite
import StoreTesting
import Testing

@Suite struct CrashTests {
  private let folder = StoreFolder()

  /// A real process, killed while it appends. What it acknowledged is there, whole; what it did not is there whole
  /// or not at all.
  @Test(arguments: [1, 2, 3] as [UInt64]) func killed(seed: UInt64) async throws {
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, seed = seed as UInt64] in
      let store = try SQLiteStore.open(path)
      var random = SeededGenerator(seed: seed)
      let life = Double.random(in: 0.02...0.2, using: &random)
      let acknowledged = try #require(fopen(path + "/acknowledged", "w"))
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: life)
        kill(getpid(), SIGKILL)
      }
      while true {
        let number = UInt64(store.journal.lastSequence)
        try store.journal.add(
          queue: [message(number * 2), message(number * 2 + 1)],
          settle: [Settlement(message: id(number * 2), outcome: .accepted)], size: 5000)
        fputs("\(store.journal.lastSequence)\n", acknowledged)
        fflush(acknowledged)
      }
    }
    let text = try String(contentsOfFile: path + "/acknowledged", encoding: .utf8)
    let acknowledged = text.split(separator: "\n").last.flatMap { Int64($0) } ?? 0
    let store = try folder.reopen()
    #expect(store.findings == [], "a kill leaves the files of one moment, seed \(seed)")
    let count = store.journal.lastSequence
    #expect(count == acknowledged || count == acknowledged + 1, "seed \(seed)")
    #expect(try store.journal.all() == (0..<count).map { batch($0 + 1, size: 5000) }, "seed \(seed)")
    #expect(try store.outbox.counts().queued == Int(count), "seed \(seed)")
    #expect(try store.outbox.counts().settled[.accepted] ?? 0 == Int(count), "seed \(seed)")
    try store.journal.add()
  }

  /// The log goes into the database then, and is removed.
  @Test(arguments: 1...12 as ClosedRange<UInt64>) func killedWhileItCloses(seed: UInt64) async throws {
    let path = folder.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, seed = seed as UInt64] in
      let store = try SQLiteStore.open(path)
      for _ in 0..<20 { try store.journal.add(queue: [message(UInt64(store.journal.lastSequence))], size: 30_000) }
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: Double(seed) * 0.0005)
        kill(getpid(), SIGKILL)
      }
      try store.close()
      while true { await Task.yield() }
    }
    let store = try folder.reopen()
    #expect(store.findings == [] && store.journal.lastSequence == 20, "seed \(seed)")
    #expect(try store.outbox.counts().queued == 20)
  }
}
