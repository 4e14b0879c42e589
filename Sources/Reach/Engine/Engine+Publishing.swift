public import AttuneModel
import Fatigue
import Rules

// What concerns everybody: configurations, zones, orders to campaigns.
extension Engine {
  /// Refused, and nothing changed, if it has errors, or comes too late.
  mutating func adopt(_ input: Input, _ progress: inout BatchInProgress) -> Acknowledgement {
    switch input {
    case .configuration(let source, let reset):
      let answer = publish(source, reset: reset)
      progress.explain(.publication(answer))
      return answer.isAccepted ? .accepted : .refused
    case .campaign(.launch(let document)):
      let answer = launch(document)
      progress.explain(.launch(answer))
      switch answer.outcome {
      case .begins: return .accepted
      case .begunBefore: return .duplicate
      case .refused: return .refused
      }
    case .campaign(let order):
      let acknowledgement = take(order)
      progress.explain(.order(campaigns[order.campaign]?.status))
      return acknowledgement
    case .zone(let zone): zones[zone.name] = zone
    case .clock(let instant):
      turnBack(to: instant)
      progress.keepTheClock()
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
  ) -> (answer: PublicationAnswer, configuration: CompiledConfiguration?) {
    var answer = PublicationAnswer(isNew: source != self.source)
    var new = CompiledConfiguration(source, replacing: configuration, reset: reset, at: time.clock, &answer.diagnostics)
    guard let alone = new else { return (answer, nil) }
    answer.diagnostics.append(conflicts(with: source))
    warnFrozen(source, &answer.diagnostics)
    let all = withLaunched(source)
    if answer.isAccepted, all != source {
      var diagnostics = Diagnostics()
      new = CompiledConfiguration(all, replacing: configuration, reset: reset, at: time.clock, &diagnostics)
      if new == nil { answer.diagnostics.append(diagnostics) }
    }
    guard answer.isAccepted else { return (answer, nil) }
    answer.changes = alone.rules.changes(since: configuration.rules)
    answer.documents = source.changes(since: self.source)
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

  /// What was counted, put off or waited for by a wrong clock stays as it is; from now on time is right.
  private mutating func turnBack(to instant: Instant) {
    // What was over by the wrong clock is no content, though memory may still hold it: it must not come back.
    let salt = salt ?? Pseudonym.Salt(of: [])
    for index in partitions.indices {
      partitions[index].forget(
        before: time.frontier, optOut: configuration.timing.optOut, salt: salt, campaigns: forgottenCampaigns)
    }
    if let restarted = try? Engine(checkpoint: checkpoint()) { self = restarted }
    time.turnBack(to: instant, lateness: configuration.timing.lateness)
    for index in partitions.indices { partitions[index].turnBack(to: time.frontier) }
    for name in campaigns.keys { campaigns[name]?.turnBack(to: instant) }
  }

  mutating func adopt(_ new: CompiledConfiguration) {
    configuration = new
    adoptChoices()
    for index in partitions.indices {
      partitions[index].stream.adopt(new.limits, new.userRules, at: time.frontier)
      partitions[index].reaches.adopt(new.fatigue)
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
