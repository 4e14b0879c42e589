public import Model
public import Storage

/// Keeps the readable tables (who appears in which batch, funnel) up with the journal. Behind the hot path.
public struct Projector: Sendable {
  private let store: SQLiteStore

  public init(store: SQLiteStore) { self.store = store }

  /// Projects what was not yet; returns the number of batches.
  @discardableResult
  public func catchUp(limit: Int = 500) throws -> Int {
    var projections: [Projection] = []
    var count = 0
    try store.batches(after: store.indexedThrough()) { row in
      projections.append(
        Projection(
          batch: row.sequence, users: Set(try row.traced().map(\.user)).sorted(), tally: try row.tallied()))
      count += 1
      if projections.count == limit {
        try store.index(projections)
        projections = []
      }
    }
    if !projections.isEmpty { try store.index(projections) }
    return count
  }

  /// Every answer given on a user, oldest first; works on a store that another process writes.
  public func traces(of user: String, limit: Int = .max) throws -> [Trace] {
    var traces: [Trace] = []
    for sequence in try store.batches(of: user, limit: limit) {
      if let row = try store.batch(sequence) { traces += try row.traced().filter { $0.user == user } }
    }
    // What the index does not reach yet.
    try store.batches(after: store.indexedThrough()) { row in
      traces += try row.traced().filter { $0.user == user }
    }
    return traces
  }

  /// All counts, the not yet projected ones included.
  public func tally() throws -> Tally {
    var tally = try store.funnel()
    try store.batches(after: store.indexedThrough()) { row in tally.merge(try row.tallied()) }
    return tally
  }
}
