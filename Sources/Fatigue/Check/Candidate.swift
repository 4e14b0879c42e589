import Model

/// Who asks: a business at an instant, with the limits that are in force.
struct Candidate {
  var at: Instant
  var zone: Zone
  var user: FatiguePolicy.UserLimit
  var limits: Limits

  /// A change of zone never resets a day backwards.
  func countedDay(stored: Int64?, at now: Instant) -> Int64 { max(zone.day(now), stored ?? .min) }
}
