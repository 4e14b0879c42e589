public import AttuneModel
import Codec
import Ingest
public import Reach
public import Store

/// Runs a recorded log in event time through everything. Nothing leaves the machine: each send counts as accepted at once,
/// and the end of the file is the end of time.
public struct Replay {
  public struct Source: Sendable {
    public var configuration: ConfigurationSource
    /// NDJSON, plain or gzip.
    public var events: String
    public var users: String?

    public init(configuration: ConfigurationSource, events: String, users: String? = nil) {
      self.configuration = configuration
      self.events = events
      self.users = users
    }
  }

  /// Lines in a batch. Part of a stored run: how far it came is told by its number of batches.
  static let batchLines = 1000

  private let source: Source
  private let map: MemberMap
  private let store: OpenedStore?
  private let observe: (Effects) throws -> Void
  private let handled: ([Input], Effects) throws -> Void
  private let progress: (Progress) -> Void
  private var ledger: ReplayLedger
  private var summary = ReplaySummary()
  private var seen = SeenEvents()
  /// Sends of the last batch; the next one says they were accepted.
  private var accepted: [Input] = []

  public struct Progress: Sendable {
    public var events: Int
    /// Bytes of the file as it lies on disk.
    public var read: Int
    public var total: Int
  }

  /// - Parameters:
  ///   - store: where the run is journaled, so that it can be taken up again after it was killed.
  ///   - observe: told of every batch's effects, in order, those of an earlier run of the same store first.
  ///   - handled: told of the batches that this run itself handles, with their inputs.
  public init(
    _ source: Source, store: OpenedStore?, observe: @escaping (Effects) throws -> Void = { _ in },
    handled: @escaping ([Input], Effects) throws -> Void = { _, _ in },
    progress: @escaping (Progress) -> Void = { _ in }
  ) throws {
    self.source = source
    var diagnostics = Diagnostics()
    map = source.configuration.settings?["ingest"].map { MemberMap(reading: $0, &diagnostics) } ?? MemberMap()
    if !diagnostics.errors.isEmpty { throw diagnostics }
    self.store = store
    self.observe = observe
    self.handled = handled
    self.progress = progress
    // Before the store is bound to them: a name mistyped is no other run.
    for path in [source.events, source.users].compactMap(\.self) {
      var file = try LineFile(path: path)
      // Told once, not of every line. What is damaged is told where it is.
      guard let line = try? file.next(), case .success(let bytes) = line.content else { continue }
      if isTable(bytes) { throw ReplayError.table(path) }
    }
    ledger = try ReplayLedger(store, identity: ReplayLedger.identity(of: source))
  }

  public mutating func run() throws -> ReplaySummary {
    try ledger.stored { effects in
      summary.tally.merge(effects.tally)
      try observe(effects)
    }
    accepted = Self.accept(ledger.unsettled)
    try commit([.configuration(source.configuration)])
    if let users = source.users { try replayUsers(users) }
    try replayEvents(source.events)
    try commit([.endOfTime])
    // What the end of time sent is accepted, too.
    try commit([])
    summary.pending = ledger.pending
    if summary.matches == 0, summary.accepted > 0 { summary.unmatched = seen.explanation(ledger.rules) }
    try ledger.finish()
    return summary
  }

  private mutating func replayUsers(_ path: String) throws {
    let decoder = ProfileDecoder(map: map)
    var zones: Set<String> = []
    try eachBatch(of: path, progress: false) { replay, lines in
      var inputs: [Input] = []
      for line in lines {
        switch line.content.flatMap({ decoder.decode(line: $0) }) {
        case .success(let patch):
          if let name = patch.zoneName, zones.insert(name).inserted {
            guard let zone = ZoneTables.zone(named: name) else {
              zones.remove(name)
              replay.summary.invalidUsers += 1
              replay.summary.refuse(.unknownZone(name), path, line.number)
              continue
            }
            inputs.append(.zone(zone))
          }
          inputs.append(.profile(patch))
        case .failure(let refusal):
          replay.summary.invalidUsers += 1
          replay.summary.refuse(refusal, path, line.number)
        }
      }
      replay.summary.users += inputs.count { if case .profile = $0 { true } else { false } }
      try replay.commit(inputs)
    }
  }

  private mutating func replayEvents(_ path: String) throws {
    let decoder = EventDecoder(map: map)
    try eachBatch(of: path, progress: true) { replay, lines in
      var inputs: [Input] = []
      inputs.reserveCapacity(lines.count)
      for line in lines {
        switch line.content.flatMap({ decoder.decode(line: $0, now: nil) }) {
        case .success(let event):
          inputs.append(.event(event))
          if replay.summary.matches == 0 { replay.seen.note(event) }
        case .failure(let refusal):
          replay.summary.invalid += 1
          replay.summary.refuse(refusal, path, line.number)
        }
      }
      replay.summary.events += lines.count
      try replay.commit(inputs)
    }
  }

  private mutating func eachBatch(
    of path: String, progress shown: Bool, _ body: (inout Replay, [LineFile.Line]) throws -> Void
  ) throws {
    var file = try LineFile(path: path)
    var lines: [LineFile.Line] = []
    while true {
      let line = try file.next()
      if let line { lines.append(line) }
      if lines.count == Self.batchLines || line == nil && !lines.isEmpty {
        try body(&self, lines)
        lines.removeAll(keepingCapacity: true)
        if shown { progress(Progress(events: summary.events, read: file.progress.read, total: file.progress.total)) }
      }
      if line == nil { return }
    }
  }

  private mutating func commit(_ inputs: [Input]) throws {
    let inputs = accepted + inputs
    guard let effects = try ledger.commit(Batch(pace: .replay, clock: .distantPast, inputs: inputs)) else { return }
    accepted = Self.accept(effects.messages.map(\.id).sorted())
    summary.tally.merge(effects.tally)
    try observe(effects)
    try handled(inputs, effects)
  }

  private static func accept(_ messages: [CandidateID]) -> [Input] {
    messages.map { .settlement(Settlement(message: $0, outcome: .accepted)) }
  }
}

extension Refusal {
  fileprivate static func unknownZone(_ name: String) -> Refusal {
    Refusal(.invalid, pointer: "/zone", "there is no time zone '\(name)'", hint: "write Asia/Shanghai", offset: 0)
  }
}
