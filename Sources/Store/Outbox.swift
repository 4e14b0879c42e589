public import AttuneModel

/// The durable queue of messages: queued -> claimed or withheld -> settled. Each call is one transaction.
///
/// Messages enter and are settled with the journal's appends; the sender only moves them in between.
public protocol Outbox: Sendable {
  /// Messages of a channel and class that are due and not expired, each given to one caller only, durably: the higher
  /// priority first, then the nearer expiry, then the older. A first try is due whatever the clock says: only a retry
  /// waits.
  ///
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - now: what is due by then.
  func claim(channel: String, class: Message.Class, limit: Int, now: Instant) throws(StoreError) -> [Claim]
  /// The channels that queued messages name, sorted.
  func channels() throws(StoreError) -> [String]
  /// Queued messages past their expiry, withheld so that nobody sends them: to be settled.
  func expired(limit: Int, now: Instant) throws(StoreError) -> [Claim]
  /// Claimed and not settled: what a crash left over.
  func claimed() throws(StoreError) -> [Claim]
  /// Withheld and not settled: what a crash left over, and what the journal has retracted.
  func withheld() throws(StoreError) -> [Claim]
  /// Claimed messages go back, one attempt later if it was one. Others are left as they are.
  func requeue(_ retries: [Retry]) throws(StoreError)
  /// Withholds those that are still queued, and names them: to be settled.
  func withdraw(_ ids: [CandidateID]) throws(StoreError) -> [CandidateID]
  func counts() throws(StoreError) -> OutboxCounts
  /// Forgets messages settled before an instant of the journal's clock; tells how many.
  @discardableResult
  func purgeSettled(before instant: Instant) throws(StoreError) -> Int
}
