import Model

/// An event as one rule and key meet it.
struct Arrival {
  var event: Event
  var sequence: UInt64
  var place: Place
  /// Whether it may start attempts; retired versions only finish theirs.
  var starts: Bool

  var pattern: Pattern { place.rule.pattern }

  func taken(at step: Int) -> Taken {
    let description = pattern.steps[step]
    return Taken(
      step: step, sequence: sequence, id: event.id, at: event.at,
      values: description.kept.map { $0.value(in: event) },
      members: description.objects.flatMap { event.properties.members(of: $0) })
  }

  /// Whether it fits, with the attempt's events as the earlier aliases.
  func isAccepted(by filter: Pattern.Filter, after attempt: Attempt?) -> Bool {
    guard filter.types.contains(event.name) else { return false }
    guard let condition = filter.condition else { return true }
    return condition.term.holds(in: Scene(event: event, taken: attempt?.taken ?? [], profile: place.profile))
  }
}
