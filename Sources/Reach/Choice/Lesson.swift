import Learning
import Model

/// What a partition saw in a step, for the whole store to count and learn from after it, in the order of partitions.
struct Lesson: Sendable {
  enum What: Sendable {
    // Of a campaign's users.
    case heldOut, held, refused, deferred, woken
    case goal(isTreated: Bool)
    // Of messages; the copy and the slice say which.
    case sent(isQuiet: Bool)
    case clicked(sent: Instant, at: Instant, wasCounted: Bool)
    case converted(wasCounted: Bool)
    case optedOut(wasCounted: Bool)
    /// As long after the message as a click would have come by now.
    case nothing
  }

  var business: String
  var what: What
  /// The material's id; empty where nothing was chosen.
  var copy = ""
  var slice = Slice.learned
  /// What was known of the user then.
  var context: Context?
}

/// How a user's copies are chosen in one business: a stable hash decides it once.
enum Slice: UInt8, Sendable, BinaryCodable {
  /// By what was learned.
  case learned = 0
  /// By lot.
  case random = 1
  /// None, to measure against.
  case holdout = 2

  init(of user: String, in business: String, holdout: Double, random: Double) {
    let place = StableHash.of("slice", business, user).fraction()
    self = place < holdout ? .holdout : place < holdout + random ? .random : .learned
  }
}
