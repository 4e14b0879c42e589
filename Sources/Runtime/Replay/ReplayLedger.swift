import AttuneModel
import Fatigue
import Reach
import Rules
import Store

/// The ledger of a replay: journaled where there is a store, in memory where there is none.
struct ReplayLedger {
  private let store: OpenedStore?
  private var ledger: Ledger?
  private var engine = Engine()
  /// Batches that an earlier run already made durable and this one passes over.
  private var done: Int64 = 0
  private var position: Int64 = 0

  init(_ store: OpenedStore?, identity: String) throws {
    self.store = store
    guard let store else { return }
    if let belongs = try store.notes.note(StoreMeta.replay) {
      guard belongs == identity else { throw ReplayError.otherRun(store.folder) }
    } else {
      guard store.journal.lastSequence == 0 else { throw ReplayError.liveStore(store.folder) }
      try store.notes.setNote(StoreMeta.replay, to: identity)
    }
    let ledger = try Ledger(recovering: store.journal)
    done = ledger.sequence
    self.ledger = ledger
  }

  /// What tells one run from another: configuration, batch size and the files' names and sizes.
  static func identity(of source: Replay.Source) -> String {
    var hash = StableHash()
    hash.combine(String(decoding: source.configuration.encoded(), as: UTF8.self))
    var parts = ["\(Replay.batchLines)", String(hash.value(), radix: 16)]
    for path in [source.events, source.users ?? ""] where !path.isEmpty {
      parts.append("\(path.split(separator: "/").last ?? "")=\(FileSize.of(path))")
    }
    return parts.joined(separator: " ")
  }

  var unsettled: [CandidateID] { ledger?.engine.unsettled ?? [] }
  var rules: [Rule] { (ledger?.engine ?? engine).configuration.rules.rules }
  var pending: Int { (ledger?.engine ?? engine).pending }

  /// Hands out what an earlier run left, in order.
  func stored(_ body: (Effects) throws -> Void) throws {
    guard let store else { return }
    try Recording(store).batches(after: 0) { row in
      var effects = Effects()
      effects.traces = try row.traced()
      effects.tally = try row.tallied()
      try body(effects)
    }
  }

  /// Nil for a batch that was already done.
  mutating func commit(_ batch: Batch) throws -> Effects? {
    position += 1
    if position <= done { return nil }
    if ledger == nil { return engine.handle(batch) }
    let effects = try ledger?.commit(batch, queuing: false)
    if let ledger, ledger.isCheckpointDue(after: 8 << 20) { try self.ledger?.checkpoint() }
    return effects
  }

  mutating func finish() throws {
    try ledger?.checkpoint()
    guard let store, let ledger else { return }
    try store.notes.setNote(StoreMeta.zone, to: ledger.engine.configuration.fatigue.zone.name)
    try Projector(store: store).catchUp()
  }
}

/// Why a store does not fit a replay.
public enum ReplayError: Error, CustomStringConvertible {
  case otherRun(String)
  case liveStore(String)
  /// The file is CSV.
  case table(String)

  public var description: String {
    switch self {
    case .otherRun(let folder):
      "\(folder) holds a replay of another log or configuration (hint: choose another --store, or delete it)"
    case .liveStore(let folder): "\(folder) holds a live journal (hint: choose another --store)"
    case .table(let path):
      "\(path) looks like a table (CSV); JSON is expected (hint: write an object for each line, "
        + #"such as {"user": "u1", "event": "view", "ts": "2026-01-31T09:30:00Z"})"#
    }
  }
}
