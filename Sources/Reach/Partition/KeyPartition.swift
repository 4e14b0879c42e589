import AttuneModel
import Rules

/// What the rules across users hold of a 64th of their keys. It decides nothing: its matches go to the partitions of
/// those they are for.
struct KeyPartition: Sendable {
  let index: Int
  var deduplication = Deduplication()
  var buffer = OrderBuffer()
  var matcher: Matcher

  init(index: Int, limits: Matcher.Limits) {
    self.index = index
    matcher = Matcher(limits: limits, shard: index)
  }

  /// Takes in its items and lets time pass; what came of it, in the order in which it did.
  mutating func run(_ step: Step) -> [Referral] {
    var found = Found(shard: index)
    for item in step.keyItems?[index] ?? [] {
      advance(to: item.frontier, step.context, &found)
      found.position = item.position
      found.frontier = item.frontier
      found.clock = item.clock
      take(item, step.context, &found)
    }
    advance(to: step.context.frontier, step.context, &found)
    return found.referrals
  }

  private struct Found {
    let shard: Int
    var position = -1
    var frontier = Instant.distantPast
    var clock = Instant.distantPast
    var referrals: [Referral] = []

    mutating func add(_ matches: [Match], at: Instant, isRetraction: Bool = false) {
      for match in matches {
        referrals.append(
          Referral(
            position: position, frontier: frontier, clock: clock, shard: shard, number: referrals.count, match: match,
            at: at, isRetraction: isRetraction))
      }
    }
  }

  private mutating func take(_ item: RoutedInput, _ context: StepContext, _ found: inout Found) {
    switch context.inputs[item.position] {
    case .event(let event):
      if isDuplicate(event, item, context) { return }
      guard item.isLate else { return buffer.insert(event, sequence: item.sequence) }
      var retracted: [Match] = []
      matcher.cancel(
        with: event, at: item.frontier, profile: { _ in [] }, rules: context.configuration.sharedRules,
        retracting: &retracted)
      found.add(retracted, at: item.clock, isRetraction: true)
    case .erase(let user):
      buffer.erase(user: user)
      matcher.erase(user: user, at: item.frontier)
    default: break
    }
  }

  /// Users' partitions, which run after it, answer for that; here it must only not be matched twice.
  private mutating func isDuplicate(_ event: Event, _ item: RoutedInput, _ context: StepContext) -> Bool {
    deduplication.forget(before: item.clock)
    guard let id = event.id, !event.user.isEmpty else { return false }
    let until = item.clock + context.configuration.timing.deduplication
    return !deduplication.insert(user: event.user, id: id, until: until)
  }

  private mutating func advance(to frontier: Instant, _ context: StepContext, _ found: inout Found) {
    let rules = context.configuration.sharedRules
    while true {
      let deadline = matcher.nextDeadline ?? .distantFuture
      let next = min(deadline, buffer.first ?? .distantFuture)
      guard next <= frontier, next < .distantFuture else { return }
      var matches: [Match] = []
      // What is due at an instant runs before an event of that instant.
      if deadline == next {
        matcher.fire(through: deadline, profile: { _ in [] }, rules: rules, into: &matches)
      } else if let waiting = buffer.popFirst() {
        matcher.handle(waiting, profile: { _ in [] }, rules: rules, into: &matches)
      }
      found.add(matches, at: next)
    }
  }
}

extension KeyPartition: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(index)
    writer.write(deduplication)
    writer.write(buffer)
    writer.write(matcher)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    index = try reader.read()
    deduplication = try reader.read()
    buffer = try reader.read()
    matcher = try reader.read()
    matcher.shard = index
  }
}
