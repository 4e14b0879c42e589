import AttuneModel
import Fatigue
import Rules

extension Engine {
  /// Deals inputs out to their partitions up to the next one that concerns everybody; nil when the batch is done.
  mutating func nextStep(_ progress: inout BatchInProgress) -> Step? {
    learn(&progress)
    noteOwners(&progress)
    if progress.isFinished { return nil }
    switch progress.runsOn {
    case .toTheClock:
      progress.runsOn = .toTheLastDeadline
      time.run(on: time.clock)
      return step(Hand(), &progress)
    case .toTheLastDeadline:
      progress.runsOn = .no
      let deadlines = partitions.lazy.map(\.stream.latestDeadline) + keyPartitions.lazy.map(\.matcher.latestDeadline)
      time.run(on: deadlines.compactMap(\.self).max() ?? .distantPast)
    case .no: break
    }
    if progress.batch.pace == .live, !progress.keepsTheClock { time.tick(progress.batch.clock, lateness: lateness) }
    var hand = Hand()
    while let input = progress.next {
      switch input {
      // What came before, or was due before, is decided by what was in force.
      case .campaign(.members):
        deal(input, &progress, into: &hand)
        progress.take()
      case .configuration, .zone, .campaign, .clock:
        let changes = if case .zone(let zone) = input { zones[zone.name] != zone } else { true }
        if changes, !hand.isEmpty || progress.reached != time.frontier { return step(hand, &progress) }
        progress.take()
        let acknowledgement = adopt(input, &progress)
        if acknowledgement != .accepted { progress.acknowledge(acknowledgement) }
        if acknowledgement == .accepted { progress.recall(by: input) }
      case .endOfTime:
        progress.take()
        progress.runsOn = .toTheClock
        return step(hand, &progress)
      default:
        // Whose the id is shows when what came before is done.
        if hand.ids.leavesOpen(input, owners) { return step(hand, &progress) }
        deal(input, &progress, into: &hand)
        progress.take()
      }
    }
    progress.finish()
    return step(hand, &progress)
  }

  private var lateness: TimeSpan { configuration.timing.lateness }

  /// What was taken up and not handed out yet.
  private struct Hand {
    var items: [RoutedInput] = []
    var keyItems: [RoutedInput] = []
    var ids = ReservationIDs()

    var isEmpty: Bool { items.isEmpty && keyItems.isEmpty }
  }

  private mutating func deal(_ input: Input, _ progress: inout BatchInProgress, into hand: inout Hand) {
    var item = RoutedInput(
      position: progress.position, reservation: progress.reservations, partition: input.partition ?? 0,
      sequence: time.sequence, clock: time.clock, frontier: time.frontier, isLate: false)
    guard case .event(let event) = input else {
      hand.ids.note(input)
      if case .reserve(let reservation) = input { item.isTaken = take(reservation, &progress) }
      if input.partition != nil { hand.items.append(item) }
      if case .erase = input {
        for shard in keyPartitions.indices { hand.keyItems.append(item.moved(to: shard)) }
      }
      return
    }
    item.isLate = event.at <= time.watermark
    time.see(event, pace: progress.batch.pace, lateness: lateness)
    item.clock = time.clock
    if !event.user.isEmpty {
      hand.items.append(item)
    } else if !admit(event, item, &progress) {
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
  private mutating func admit(_ event: Event, _ item: RoutedInput, _ progress: inout BatchInProgress) -> Bool {
    deduplication.forget(before: item.clock)
    let until = item.clock + configuration.timing.deduplication
    let isNew = event.id.map { deduplication.insert(user: "", id: $0, until: until) } ?? true
    let stage: Tally.Stage = isNew ? item.isLate ? .late : .accepted : .duplicate
    progress.count(stage, at: item.clock, configuration)
    progress.acknowledge(isNew ? item.isLate ? .late : .accepted : .duplicate, at: item.position)
    return isNew
  }

  private mutating func step(_ hand: Hand, _ progress: inout BatchInProgress) -> Step {
    progress.reached = time.frontier
    let salt = self.salt ?? Pseudonym.Salt(of: progress.batch.encoded())
    self.salt = salt
    closeCampaigns()
    let context = StepContext(
      configuration: configuration, zones: zones, inputs: progress.batch.inputs, frontier: time.frontier,
      now: progress.batch.pace == .live ? time.clock : nil, answers: progress.answers, choices: choices,
      campaigns: campaigns.mapValues(\.status),
      forgotten: forgottenCampaigns, clock: time.clock, salt: salt)
    let waves = progress.isFinished ? dueWaves(beside: progress.batch.inputs) : []
    return Step(
      context: context, items: Deal(hand.items, by: \.partition),
      keyItems: keyPartitions.isEmpty ? nil : Deal(hand.keyItems, by: \.partition),
      waves: waves, leases: lease(for: waves), recalls: progress.takeRecalls())
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
    case .configuration, .zone, .clock, .endOfTime, .campaign: nil
    }
  }
}
