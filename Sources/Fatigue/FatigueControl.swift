public import AttuneModel

/// Fatigue control: how often users were reached, and whether they may be reached again. One conformance suite runs
/// against every implementation; time comes in with each call.
public protocol FatigueControl: Sendable {
  /// What is in force. A change tightens open windows at once and loosens them at the next.
  var policy: FatiguePolicy { get set }

  init(policy: FatiguePolicy)

  /// Whether a reach would pass; counts nothing.
  ///
  /// - Parameter zone: whose calendar day counts; nil for the policy's.
  /// - Throws: `unknownBusiness` when the policy does not have it.
  func check(user: String, business: String, zone: Zone?, at: Instant) throws(FatigueError) -> FatigueVerdict

  /// Checks and, when it passes, counts, in one step.
  ///
  /// An id that is already counted, whatever became of it, is not counted again: its verdict passes, and tells the
  /// dimensions as they are without it. An id that was refused, or whose business does not count, is judged anew.
  ///
  /// - Throws: `unknownBusiness` when the policy does not have it.
  mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone?, at: Instant
  ) throws(FatigueError) -> FatigueVerdict

  /// Tells how a reach ended. The first settlement wins, save that `unknown` may still become one of the others.
  ///
  /// - Returns: false when it changed nothing: settled before, forgotten, or never counted.
  @discardableResult
  mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool

  /// Sweeps what is forgotten at an instant. No answer at that instant or later changes by it; it only frees memory.
  mutating func expire(before instant: Instant)

  /// Forgets a user at once and whole.
  ///
  /// - Returns: whether there was anything to forget.
  @discardableResult
  mutating func erase(user: String) -> Bool
}
