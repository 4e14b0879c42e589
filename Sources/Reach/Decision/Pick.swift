import AttuneModel
import Materials

/// What a candidate says to its user, and how.
struct Pick: Sendable {
  var wording: Wording
  var channel: String
  var isQuiet = false
}

/// Why a candidate says nothing.
enum NoPick: Error {
  case unfillable(NoMaterial)
  /// No copy is worth it; the last check tells by what.
  case held
  /// The quotas that it could be sent under are used up.
  case spent
  /// They are not, but what is left of them is with other partitions: asked again then.
  case elsewhere(until: Instant)
}
