import AttuneModel
import Learning

/// What a partition saw in a step, for the whole store to count and learn from after it, in the order of partitions.
struct Lesson: Sendable {
  enum What: Sendable {
    // Of a campaign's users.
    case heldOut, held, refused(RefusalCost?), deferred, woken
    case goal(isTreated: Bool)
    // Of messages; the copy and the slice say which.
    case sent(isQuiet: Bool, at: Instant)
    /// It was sent, and never arrived: it failed for good, or was taken back.
    case undelivered(isQuiet: Bool, wasCounted: Bool)
    case clicked(sent: Instant, at: Instant, wasCounted: Bool)
    case converted(wasCounted: Bool)
    case optedOut
    /// As long after the message as a click would have come by now.
    case nothing
  }

  var business: String
  var what: What
  /// The material's id; empty where nothing was chosen.
  var copy = ""
  var slice = Slices.Slice.learned
  /// The user's, where users are told apart.
  var segment = ""
  /// What was known of the user then.
  var context: Context?
  /// How lately the user had seen the copy: 1 just before, 0 never.
  var freshness = 0.0
}

extension Decision {
  /// What campaigns count, and learners take from a decision; nil where there is nothing in it.
  /// - Parameters:
  ///   - segment: the user's, where users are told apart.
  ///   - context: what the choice went by.
  func lesson(_ slice: Slices.Slice, segment: String, context: Context?) -> Lesson? {
    var lesson = Lesson(business: business, what: .refused(cost), slice: slice, segment: segment)
    switch outcome {
    case .sent:
      lesson.what = .sent(isQuiet: manner == .quiet, at: at)
      lesson.copy = material ?? ""
      lesson.context = context
    case .deferred: lesson.what = .deferred
    case .refused where slice == .holdout: lesson.what = .heldOut
    case .refused where manner == .held:
      lesson.what = .held
      lesson.context = context
    case .refused: break
    case .reserved, .retracted: return nil
    }
    return lesson
  }
}
