public import AttuneModel

/// A pattern that was found.
///
/// ```swift
/// match.rule                          // "hesitating-buyer"
/// match.emit["views"]                 // .number(3), as the rule's `emit` says
/// match.events.first?.events.first?.at  // when it began
/// ```
public struct Match: Sendable, Hashable {
  /// The rule's name.
  public var rule: String
  /// The version of the rule that it began under, from 1.
  public var version: Int
  /// The user it is for; empty when the addressee has no value.
  public var user: String
  /// The values of the rule's key, in its order.
  public var key: [Value]
  /// The instant of the last matched event, or the absence's deadline.
  public var at: Instant
  /// What was matched, step by step.
  public var events: [MatchedStep]
  /// What the rule emits, in its order; what has no value is left out.
  public var emit: [Property]
  /// Record it, send nothing.
  public var shadow: Bool

  /// Tells it from every other match; the same when it is retracted. What it emits is not part of it.
  public var digest: Digest {
    var digest = Digest(key)
    digest.combine(rule)
    digest.combine(UInt64(bitPattern: Int64(version)))
    digest.combine(UInt64(bitPattern: at.milliseconds))
    for step in events { for event in step.events { digest.combine(event.sequence) } }
    return digest
  }
}

/// The events one step took, in their order.
public struct MatchedStep: Sendable, Hashable {
  /// As the rule names it, or the event type when it does not.
  public var alias: String
  /// At least one, the earliest first.
  public var events: [MatchedEvent]
}

/// Names one event.
public struct MatchedEvent: Sendable, Hashable {
  /// The number it arrived under.
  public var sequence: UInt64
  /// The event's own id, where it has one.
  public var id: String?
  /// When it happened.
  public var at: Instant
}

extension Rule {
  /// The match of these events; nil when they fail `having`.
  ///
  /// - Parameter isJudged: whether they are known to be a match.
  func match(
    _ taken: [TakenEvent], key: [Value], at: Instant, profile: [Property], isJudged: Bool = false
  ) -> Match? {
    guard taken.allSatisfy({ pattern.steps.indices.contains($0.step) }) else { return nil }
    let context = EvaluationContext(event: nil, taken: taken, profile: profile)
    if !isJudged, let having = pattern.having, !having.term.holds(in: context) { return nil }
    var events: [MatchedStep] = []
    var start = 0
    while start < taken.count {
      let alias = pattern.steps[taken[start].step].label
      var end = start + 1
      while end < taken.count, taken[end].step == taken[start].step || pattern.steps[taken[end].step].label == alias {
        end += 1
      }
      let matched = taken[start..<end].map { MatchedEvent(sequence: $0.sequence, id: $0.details.id, at: $0.at) }
      events.append(MatchedStep(alias: alias, events: matched))
      start = end
    }
    return Match(
      rule: name, version: version, user: addressee(key, taken), key: key, at: at, events: events,
      emit: pattern.emit.isEmpty ? [] : emissions(taken, context), shadow: mode == .shadow)
  }

  private func emissions(_ taken: [TakenEvent], _ context: EvaluationContext) -> [Property] {
    pattern.emit.flatMap { emission in
      let value = emission.value.term.value(in: context).map { [Property(emission.name, $0)] } ?? []
      guard let object = emission.object, let last = taken.last(where: { $0.step == object.step }) else { return value }
      return value
        + last.details.members.members(of: object.name).map {
          Property(emission.name + $0.name.dropFirst(object.name.count), $0.value)
        }
    }
  }

  /// The user the match is for; empty when the addressee has no value.
  private func addressee(_ key: [Value], _ taken: [TakenEvent]) -> String {
    guard case .taken(let places) = pattern.addressee else { return user(in: key) }
    for event in taken.reversed() where event.step < places.count && places[event.step] < event.values.count {
      if let value = event.values[places[event.step]] { return value.userID ?? "" }
    }
    return ""
  }

  /// The user in a key; empty where there is none.
  func user(in key: [Value]) -> String {
    origin.userPart < key.count ? key[origin.userPart].userID ?? "" : ""
  }
}
