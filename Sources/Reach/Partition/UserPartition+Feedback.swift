public import AttuneModel
import Fatigue

extension UserPartition {
  mutating func take(_ settlement: Settlement, _ item: Item, _ run: inout Run) -> Acknowledgement {
    guard let changed = sent.settle(settlement.message, settlement.outcome, at: item.clock) else {
      // Its row in the outbox may outlive our memory of it.
      run.effects.settled.append(settlement)
      return .unknownMessage
    }
    guard changed, let message = sent[settlement.message] else { return .duplicate }
    run.effects.settled.append(settlement)
    _ = fatigue.settle(id: settlement.message.rawValue, user: message.user, as: settlement.outcome.meaning)
    let stage: Tally.Stage =
      switch settlement.outcome {
      case .accepted: .taken
      case .failed: .failed
      case .unknown: .unknown
      case .withdrawn: .withdrawn
      }
    count(stage, message, at: item.clock, &run)
    // It never got there: nobody will click on it.
    if settlement.outcome.meaning == .release { missAnswer(to: settlement.message, at: item.clock, &run) }
    return .accepted
  }

  mutating func take(_ receipt: Receipt, _ item: Item, _ run: inout Run) -> Acknowledgement {
    guard let new = sent.receive(receipt.message, receipt.kind, at: item.clock) else { return .unknownMessage }
    guard new, let message = sent[receipt.message] else { return .duplicate }
    let stage: Tally.Stage =
      switch receipt.kind {
      case .delivered: .delivered
      case .opened: .opened
      case .dismissed: .dismissed
      case .converted: .converted
      case .unsubscribed: .unsubscribed
      }
    count(stage, message, at: item.clock, &run)
    learn(from: receipt, to: message, at: item.clock, &run)
    if receipt.kind == .unsubscribed {
      profiles[message.user, default: []][message.topic.map { "topics.\($0)" } ?? "consent"] = .bool(false)
    }
    return .accepted
  }

  private func count(_ stage: Tally.Stage, _ message: SentMessages.Sent, at: Instant, _ run: inout Run) {
    run.effects.tally.add(
      Tally.Key(
        day: run.configuration.fatigue.zone.day(at), stage: stage, source: message.source, scene: message.scene,
        business: message.business, detail: message.material))
  }
}

extension Settlement.Outcome {
  /// What fatigue makes of it.
  public var meaning: FatigueSettlement {
    switch self {
    case .accepted: .commit
    case .failed, .withdrawn: .release
    case .unknown: .unknown
    }
  }
}
