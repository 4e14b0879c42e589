import AttuneModel
import Foundation
import Ingest
import Reach
import Runtime
import Store
import StoreSQLite

/// The same invented log through more and more of the engine, so that differences tell what each stage costs.
struct EngineBenchmark {
  /// In this order; each does all that the one before does.
  enum Kind: String, CaseIterable {
    case decoded, ordered, matched, decided, journaled

    var title: String {
      switch self {
      case .decoded: "decode (bytes to events)"
      case .ordered: "deduplicate, order"
      case .matched: "match rules"
      case .decided: "filter, choose, fatigue"
      case .journaled: "journal (SQLite, FULL)"
      }
    }
  }

  static let batch = 1000

  private let lines: [[UInt8]]
  private let source: ConfigurationSource

  init(source: ConfigurationSource, events: Int, users: Int, seed: UInt64) {
    self.source = source
    lines = Self.log(events: events, users: users, seed: seed)
  }

  func run(_ kind: Kind) throws -> (seconds: Double, sent: Int) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("attune-bench-\(UUID().uuidString)").path
    let store = kind == .journaled ? try SQLiteStore.open(folder) : nil
    defer {
      try? store?.close()
      try? FileManager.default.removeItem(atPath: folder)
    }
    var ledger = try store.map { try Ledger(recovering: $0.journal) }
    var engine = Engine()
    var sent = 0
    func handle(_ inputs: [Input]) throws {
      let batch = Batch(pace: .replay, clock: .distantPast, inputs: inputs)
      if kind == .decoded { return }
      sent += try (ledger?.commit(batch) ?? engine.handle(batch)).messages.count
    }
    try handle([.configuration(configuration(for: kind))])
    let decoder = EventDecoder()
    let started = ContinuousClock.now
    for start in stride(from: 0, to: lines.count, by: Self.batch) {
      var inputs: [Input] = []
      inputs.reserveCapacity(Self.batch)
      for line in lines[start..<min(lines.count, start + Self.batch)] {
        if case .success(let event) = decoder.decode(line: line, now: nil) { inputs.append(.event(event)) }
      }
      try handle(inputs)
    }
    let seconds = (ContinuousClock.now - started) / Duration.seconds(1)
    return (seconds, sent)
  }

  /// Without rules nothing matches; without businesses nothing is decided.
  private func configuration(for kind: Kind) -> ConfigurationSource {
    var source = source
    if kind == .ordered { source.rules = [] }
    if kind == .ordered || kind == .matched { source.businesses = [] }
    return source
  }

  /// Views, carts, favourites and purchases in the proportions of the real log, a fifth of them by a hundredth of the users.
  private static func log(events: Int, users: Int, seed: UInt64) -> [[UInt8]] {
    var random = SeededGenerator(seed: seed)
    func below(_ n: Int) -> Int { Int(random.next() >> 33) % max(1, n) }
    var at = 1_700_000_000_000
    return (0..<events).map { index in
      at += 1 + below(1000)
      let user = below(100) < 20 ? below(users / 100) : below(users)
      let draw = below(1000)
      let name = draw < 897 ? "view" : draw < 951 ? "cart" : draw < 979 ? "favourite" : "buy"
      let item = below(2000)
      let line =
        #"{"id":"e\#(index)","user":"u\#(user)","event":"\#(name)","item":"\#(item)","category":"\#(item % 40)","ts":\#(at)}"#
      return Array(line.utf8)
    }
  }
}
