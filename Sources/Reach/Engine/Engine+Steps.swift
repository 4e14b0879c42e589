public import AttuneModel
import Fatigue
import Rules

extension Engine {
  /// Deals inputs out to their partitions up to the next one that concerns everybody; nil when the batch is done.
  mutating func nextStep(_ plan: inout Plan) -> Step? {
    learn(&plan)
    if plan.isFinished { return nil }
    switch plan.runsOn {
    case .toTheClock:
      plan.runsOn = .toTheLastDeadline
      time.run(on: time.clock)
      return step(Hand(), &plan)
    case .toTheLastDeadline:
      plan.runsOn = .no
      let deadlines = partitions.lazy.map(\.matcher.latestDeadline) + keyPartitions.lazy.map(\.matcher.latestDeadline)
      time.run(on: deadlines.compactMap(\.self).max() ?? .distantPast)
    case .no: break
    }
    if plan.batch.pace == .live { time.tick(plan.batch.clock, lateness: lateness) }
    var hand = Hand()
    while let input = plan.next {
      switch input {
      // What came before, or was due before, is decided by what was in force.
      case .campaign(.members):
        deal(input, &plan, into: &hand)
        plan.take()
      case .configuration, .zone, .campaign:
        let changes = if case .zone(let zone) = input { zones[zone.name] != zone } else { true }
        if changes, !hand.isEmpty || plan.reached != time.frontier { return step(hand, &plan) }
        plan.take()
        let acknowledgement = adopt(input, &plan)
        if acknowledgement != .accepted { plan.acknowledge(acknowledgement) }
        if acknowledgement == .accepted { plan.recall(by: input) }
      case .endOfTime:
        plan.take()
        plan.runsOn = .toTheClock
        return step(hand, &plan)
      default:
        deal(input, &plan, into: &hand)
        plan.take()
      }
    }
    plan.finish()
    return step(hand, &plan)
  }

  private var lateness: TimeSpan { configuration.timing.lateness }

  /// What was taken up and not handed out yet.
  private struct Hand {
    var items: [Item] = []
    var keyItems: [Item] = []

    var isEmpty: Bool { items.isEmpty && keyItems.isEmpty }
  }

  private mutating func deal(_ input: Input, _ plan: inout Plan, into hand: inout Hand) {
    var item = Item(
      position: plan.position, reservation: plan.reservations, partition: input.partition ?? 0,
      sequence: time.sequence, clock: time.clock, frontier: time.frontier, isLate: false)
    guard case .event(let event) = input else {
      if input.partition != nil { hand.items.append(item) }
      if case .erase = input {
        for shard in keyPartitions.indices { hand.keyItems.append(item.moved(to: shard)) }
      }
      return
    }
    item.isLate = event.at <= time.watermark
    time.see(event, pace: plan.batch.pace, lateness: lateness)
    item.clock = time.clock
    if !event.user.isEmpty {
      hand.items.append(item)
    } else if !admit(event, item, &plan) {
      return
    } else if configuration.userRules.shards(of: event) != 0 {
      // It may go on with the open attempts of any user.
      for partition in partitions.indices { hand.items.append(item.moved(to: partition)) }
    }
    if keyPartitions.isEmpty { return }
    let shards = configuration.sharedRules.shards(of: event)
    for shard in keyPartitions.indices where shards & 1 << UInt64(shard) != 0 {
      hand.keyItems.append(item.moved(to: shard))
    }
  }

  /// What a user's partition does at its door, for an event without a user. False if it was seen before.
  private mutating func admit(_ event: Event, _ item: Item, _ plan: inout Plan) -> Bool {
    deduplication.forget(before: item.clock)
    let until = item.clock + configuration.timing.deduplication
    let isNew = event.id.map { deduplication.insert(user: "", id: $0, until: until) } ?? true
    let stage: Tally.Stage = isNew ? item.isLate ? .late : .accepted : .duplicate
    plan.count(stage, at: item.clock, configuration)
    plan.acknowledge(isNew ? item.isLate ? .late : .accepted : .duplicate, at: item.position)
    return isNew
  }

  private mutating func step(_ hand: Hand, _ plan: inout Plan) -> Step {
    plan.reached = time.frontier
    closeCampaigns()
    var surroundings = surroundings(of: plan.batch.inputs, now: plan.batch.pace == .live ? time.clock : nil)
    surroundings.answers = plan.answers
    surroundings.pilots = pilots
    surroundings.campaigns = campaigns.mapValues(\.status)
    surroundings.forgotten = Set(campaigns.filter { isForgotten($0.value) }.keys)
    surroundings.clock = time.clock
    let waves = plan.isFinished ? dueWaves() : []
    return Step(
      surroundings: surroundings, items: Deal(hand.items, by: \.partition),
      keyItems: keyPartitions.isEmpty ? nil : Deal(hand.keyItems, by: \.partition),
      waves: waves, leases: lease(for: waves), recalls: plan.takeRecalls())
  }

  func surroundings(of inputs: [Input], now: Instant?) -> Surroundings {
    Surroundings(configuration: configuration, zones: zones, inputs: inputs, frontier: time.frontier, now: now)
  }

  /// Refused, and nothing changed, if it has errors, or comes too late.
  private mutating func adopt(_ input: Input, _ plan: inout Plan) -> Acknowledgement {
    switch input {
    case .configuration(let source, let reset):
      let answer = publish(source, reset: reset)
      plan.explain(.publication(answer))
      return answer.isAccepted ? .accepted : .refused
    case .campaign(.launch(let document)):
      let answer = launch(document)
      plan.explain(.launch(answer))
      switch answer.outcome {
      case .begins: return .accepted
      case .begunBefore: return .duplicate
      case .refused: return .refused
      }
    case .campaign(let order):
      let acknowledgement = take(order)
      plan.explain(.order(campaigns[order.campaign]?.status))
      return acknowledgement
    case .zone(let zone): zones[zone.name] = zone
    default: break
    }
    return .accepted
  }

  /// What a configuration would change, beside what is in force; nothing is changed.
  public func check(_ source: ConfigurationSource, reset: Bool = false) -> PublicationAnswer {
    examine(source, reset: reset).answer
  }

  /// A configuration stands by itself, and beside what is launched.
  private func examine(
    _ source: ConfigurationSource, reset: Bool
  ) -> (answer: PublicationAnswer, configuration: Configuration?) {
    var answer = PublicationAnswer(isNew: source != self.source)
    var new = Configuration(source, replacing: configuration, reset: reset, at: time.clock, &answer.diagnostics)
    guard let alone = new else { return (answer, nil) }
    answer.diagnostics.append(conflicts(with: source))
    let all = withLaunched(source)
    if answer.isAccepted, all != source {
      var diagnostics = Diagnostics()
      new = Configuration(all, replacing: configuration, reset: reset, at: time.clock, &diagnostics)
      if new == nil { answer.diagnostics.append(diagnostics) }
    }
    guard answer.isAccepted else { return (answer, nil) }
    answer.changes = alone.rules.changes(since: configuration.rules)
    answer.zone = alone.fatigue.zone.name
    return (answer, new)
  }

  private mutating func publish(_ source: ConfigurationSource, reset: Bool) -> PublicationAnswer {
    let (answer, new) = examine(source, reset: reset)
    // The same one again has nothing to change, but for attempts to drop.
    guard let new, answer.isNew || reset else { return answer }
    adopt(new)
    self.source = source
    for zone in source.zones { zones[zone.name] = zone }
    return answer
  }

  mutating func adopt(_ new: Configuration) {
    configuration = new
    adoptChoices()
    for index in partitions.indices {
      partitions[index].matcher.adopt(new.limits, at: time.frontier)
      partitions[index].matcher.adopt(new.userRules)
      partitions[index].fatigue.policy = new.fatigue
    }
    if new.sharedRules.isEmpty {
      keyPartitions = []
    } else if keyPartitions.isEmpty {
      keyPartitions = (0..<RuleSet.shardCount).map { KeyPartition(index: $0, limits: new.limits) }
    }
    for index in keyPartitions.indices {
      keyPartitions[index].matcher.adopt(new.limits, at: time.frontier)
      keyPartitions[index].matcher.adopt(new.sharedRules)
    }
  }
}

extension Input {
  var isReservation: Bool { if case .reserve = self { true } else { false } }

  /// Where it belongs; nil for what concerns everybody.
  var partition: Int? {
    switch self {
    // Without a user: with everybody.
    case .event(let event) where event.user.isEmpty: nil
    case .event(let event): Partition.of(user: event.user)
    case .profile(let patch): Partition.of(user: patch.user)
    case .erase(let user), .eraseFatigue(let user): Partition.of(user: user)
    case .reserve(let reservation): Partition.of(user: reservation.user)
    case .settleReservation(let settlement): Partition.of(user: settlement.user)
    case .receipt(let receipt): receipt.message.partition
    case .settlement(let settlement): settlement.message.partition
    case .campaign(.members(_, let partition, _)): partition
    case .configuration, .zone, .endOfTime, .campaign: nil
    }
  }
}
