public import AttuneModel
import Materials
public import Store

/// Keeps the readable tables (who appears in which batch, funnel) up with the journal. Behind the hot path.
public struct Projector: Sendable {
  /// Held in memory before they are written.
  private static let userLimit = 50_000

  private let history: any History
  private let recording: Recording

  public init(store: OpenedStore) {
    history = store.history
    recording = Recording(store)
  }

  /// Projects what was not yet; returns the number of batches.
  @discardableResult
  public func catchUp(limit: Int = 500) throws -> Int {
    var projections: [Projection] = []
    var count = 0
    var users = 0
    try recording.batches(after: history.indexedThrough()) { row in
      projections.append(Projection(batch: row.sequence, users: try row.users(), tally: try row.tallied()))
      count += 1
      users += projections.last?.users.count ?? 0
      if projections.count == limit || users >= Self.userLimit {
        try history.index(projections)
        projections = []
        users = 0
      }
    }
    if !projections.isEmpty { try history.index(projections) }
    return count
  }

  /// The batches with answers on a user, oldest first, and now and then one without: indexed ones, then those the index does not reach yet.
  public func batches(of user: String) throws -> [Int64] {
    // The cursor first: what is indexed meanwhile is read from the journal.
    let through = try history.indexedThrough()
    var batches = try history.batches(of: user).filter { $0 <= through }
    try recording.batches(after: through) { row in
      if try row.users().contains(user) { batches.append(row.sequence) }
    }
    return batches
  }

  /// Every answer given on a user that is kept, oldest first; works on a store that another process writes.
  public func traces(of user: String) throws -> [Trace] {
    try batches(of: user).flatMap { try recording.batch($0)?.traced(of: user) ?? [] }
  }

  /// The same, with what came of the messages.
  public func timeline(of user: String) throws -> [TimelineEntry] {
    var traces: [Trace] = []
    var ends: [CandidateID: JournaledSettlement] = [:]
    for batch in try batches(of: user) {
      guard let row = try recording.batch(batch) else { continue }
      traces += try row.traced(of: user)
      for end in try row.settled() where end.settlement.user == user {
        let message = end.settlement.message
        if let known = ends[message], !known.yields(to: end) { continue }
        ends[message] = end
      }
    }
    return traces.map { TimelineEntry(trace: $0, among: ends) }
  }

  /// All counts, the not yet projected ones included.
  public func tally() throws -> Tally { try sum { try history.funnel() } }

  /// What became of messages, by day and material alone; the not yet projected included.
  public func messages() throws -> Tally {
    var messages = Tally()
    let all = try sum { try history.messages(CopyHistory.stages) }
    for (key, count) in all.counts where CopyHistory.stages.contains(key.stage) && !key.detail.isEmpty {
      messages.add(Tally.Key(day: key.day, stage: key.stage, detail: key.detail), count)
    }
    return messages
  }

  private func sum(_ projected: () throws -> Tally) throws -> Tally {
    var through: Int64
    var tally: Tally
    // Sums and cursor move together; read until they belong together.
    repeat {
      through = try history.indexedThrough()
      tally = try projected()
    } while try history.indexedThrough() != through
    try history.batches(after: through) { row in tally.merge(try row.tallied()) }
    return tally
  }
}
