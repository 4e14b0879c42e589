public import AttuneModel

/// Fatigue control: how often users were reached, and whether they may be reached again. One conformance suite runs
/// against every implementation.
///
/// A *reach* is one message to one user. It counts from its reservation; `settle` tells how it ended. Instants are given
/// with each call and never asked of a clock. A *key* is a user and a business.
public protocol FatigueControl: Sendable {
  /// The limits in force. A lower number of times holds in open windows at once, a higher one and another length from
  /// the next window on; `minGap` holds at once either way.
  var policy: FatiguePolicy { get set }

  init(policy: FatiguePolicy)

  /// Whether a reach would pass; counts nothing. All dimensions have to pass: the user's day, the window of the scene,
  /// the window of the business, and the gap since the last reach of the business.
  ///
  /// - Parameters:
  ///   - id: what `reserve` with this id would say; nil for one that is new.
  ///   - zone: the user's, whose calendar day counts; nil: the policy's.
  ///   - at: when the user would be reached.
  /// - Throws: as `reserve` does.
  func check(
    id: UInt64?, user: String, business: String, zone: Zone?, at: Instant
  ) throws(FatigueError) -> FatigueVerdict

  /// Checks and, when it passes, counts, in one step: of two candidates for one place exactly one passes.
  ///
  /// An id names one reservation of a user. While that stands (reserved, committed or unknown), the same call again
  /// passes and counts nothing; its verdict tells the dimensions as they are without it. So a call that had no answer
  /// may be repeated. An id that was refused or released, or whose business does not count, is free: it is judged anew.
  ///
  /// - Parameters:
  ///   - id: names the reach, for `settle` and for repeated calls.
  ///   - zone: the user's, whose calendar day counts; nil: the policy's.
  ///   - at: when the user is reached.
  /// - Throws: `unknownBusiness` when the policy does not have it, `conflict` when the id names a reservation of the user
  ///   for another business; nothing was counted then. Ids of other users are the caller's to compare: see `stands`.
  mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone?, at: Instant
  ) throws(FatigueError) -> FatigueVerdict

  /// Tells how a reach ended. `commit`: it stands. `release`: it definitely failed, and no longer counts. `unknown`: no
  /// answer, it stays counted. The first settlement wins, except that `unknown` may still become one of the others.
  ///
  /// - Parameter id: as `reserve` had it.
  /// - Returns: false when it changed nothing: settled before, forgotten, or never counted.
  @discardableResult
  mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool

  /// Frees the memory of what no longer counts at an instant. No answer at that instant or later changes by it. Looks at
  /// all that is held: call it once in a while, such as every hour.
  mutating func expire(before instant: Instant)

  /// Forgets everything about a user at once.
  ///
  /// - Returns: whether there was anything to forget.
  @discardableResult
  mutating func erase(user: String) -> Bool

  /// Whether an id names a reservation of the user: reserved, committed or unknown, and not forgotten.
  func stands(id: UInt64, user: String, at: Instant) -> Bool
}

extension FatigueControl {
  /// For a reach that has no id yet.
  public func check(
    user: String, business: String, zone: Zone? = nil, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    try check(id: nil, user: user, business: business, zone: zone, at: instant)
  }
}
