import AttuneModel

/// Who asks: a business at an instant, with the limits that are in force.
struct Candidate: ~Copyable {
  var at: Instant
  var zone: Zone
  var user: FatiguePolicy.UserLimit
  var limits: Limits
}
