import AttuneModel
import Foundation
import Reach
import Runtime
import Store
import StoreSQLite
import Testing

/// A log through everything, in event time; and the same log when the run was cut short.
@Suite struct ReplayTests {
  private struct Cut: Error {}

  private func log(_ folder: String, lines: Int) throws -> String {
    var random = SeededGenerator(seed: 5)
    let path = folder + "/log.ndjson"
    let text = (0..<lines).map { index -> String in
      if index % 97 == 0 { return #"{"user":"u","event":"# }
      let draw = random.next()
      let at = 1_700_000_000_000 + index * 500 - Int(draw % 3000)
      return #"{"id":"e\#(draw % 5000)","user":"u\#(draw % 40)","event":"buy","item":"i\#(draw % 7)","ts":\#(at)}"#
    }
    try text.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func run(_ source: Replay.Source, _ store: OpenedStore?, cutAfter: Int = .max) throws -> (
    ReplaySummary, [Trace]
  ) {
    var traces: [Trace] = []
    var batches = 0
    var replay = try Replay(source, store: store) { effects in
      batches += 1
      if batches > cutAfter { throw Cut() }
      traces += effects.traces
    }
    return (try replay.run(), traces)
  }

  @Test func theCountsAddUp() async throws {
    try await Workshop.inFolder { folder in
      let source = Replay.Source(configuration: try Workshop.source(), events: try log(folder, lines: 3500))
      let (summary, traces) = try run(source, nil)
      #expect(summary.events == 3500)
      #expect(summary.invalid == 37 && summary.problems.first?.contains("log.ndjson:1:") == true)
      #expect(summary.events == summary.accepted + summary.duplicates + summary.late + summary.invalid)
      #expect(summary.duplicates > 0 && summary.late > 0)
      let refused = summary.refused.reduce(0) { $0 + $1.count }
      #expect(summary.candidates == summary.sent + refused + summary.retracted + summary.pending)
      #expect(traces.count == summary.candidates + summary.deferred - summary.pending)
      #expect(summary.tally.total(.taken) == summary.sent, "each send counts as accepted")
    }
  }

  @Test(arguments: [1, 2, 3, 4, 6])
  func aRunThatWasCutShortGoesOn(batches: Int) async throws {
    try await Workshop.inFolder { folder in
      let source = Replay.Source(configuration: try Workshop.source(), events: try log(folder, lines: 3500))
      let (whole, traces) = try run(source, nil)
      var store = try SQLiteStore.open(folder + "/store")
      #expect(throws: Cut.self) { try run(source, store, cutAfter: batches) }
      try store.close()
      store = try SQLiteStore.open(folder + "/store")
      let (resumed, again) = try run(source, store)
      #expect(again == traces)
      #expect(resumed.tally == whole.tally && resumed.pending == whole.pending && resumed.invalid == whole.invalid)
      #expect(try Projector(store: store).tally() == whole.tally)
      let (third, _) = try run(source, store)
      #expect(third.tally == whole.tally, "a finished run says the same again")
      try store.close()
    }
  }

  @Test func aStoreBelongsToOneRun() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder + "/store")
      let first = Replay.Source(configuration: try Workshop.source(), events: try log(folder, lines: 50))
      _ = try run(first, store)
      let other = Replay.Source(configuration: try Workshop.source(), events: try log(folder, lines: 60))
      #expect(throws: ReplayError.self) { try run(other, store) }
    }
  }
}
