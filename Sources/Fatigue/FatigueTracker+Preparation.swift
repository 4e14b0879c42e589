import AttuneModel

extension FatigueTracker {
  /// For how many users at a time it pays to prepare: enough to share the waiting, few enough to stay in the cache.
  public static let preparation = 16

  /// Fetches what is remembered of users whom calls will be about right away. It changes no answer: it waits for memory
  /// once for all of them, where the calls would wait for each in turn.
  ///
  /// - Returns: a number that means nothing; without it the compiler would leave out the looking.
  @discardableResult
  @inline(never)
  public func prepare(for users: ArraySlice<String>) -> UInt64 {
    var hashes = users.map { UserKey($0).low }
    // Each step is a loop of looks that do not depend on one another, so that the processor overlaps them.
    var seen = hashes.reduce(0) { $0 ^ self.users.touch($1) }
    var known = 0
    for hash in hashes {
      guard let ledger = self.users.probableLedger(of: hash) else { continue }
      seen ^= UInt64(slab.count(at: ledger))
      hashes[known] = UInt64(ledger)
      known += 1
    }
    for ledger in hashes.prefix(known) { seen ^= slab.reading(UInt32(truncatingIfNeeded: ledger)) { $0.touch() } }
    return seen
  }
}
