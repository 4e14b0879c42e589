import AttuneModel
import Fatigue

// What is heard of messages that went out.
extension UserPartition {
  mutating func take(
    _ settlement: Settlement, _ input: RoutedInput, _ step: inout StepInProgress
  ) -> Acknowledgement {
    switch outgoing.settle(settlement, at: input.clock) {
    case .unknown:
      // Its row in the outbox may outlive our memory of it.
      step.effects.settled.append(settlement)
      return .unknownMessage
    case .unchanged: return .duplicate
    case .made(let message, let lesson):
      step.effects.settled.append(settlement)
      if message.pseudonym == nil { reaches.settle(settlement, of: message.user) }
      let stage: Tally.Stage =
        switch settlement.outcome {
        case .accepted: .taken
        case .failed: .failed
        case .unknown: .unknown
        case .withdrawn: .withdrawn
        }
      count(stage, message, at: input.clock, &step)
      if let lesson { step.lessons.append(lesson) }
      return .accepted
    }
  }

  mutating func take(_ receipt: Receipt, _ input: RoutedInput, _ step: inout StepInProgress) -> Acknowledgement {
    let change = outgoing.receive(receipt, at: input.clock, step.configuration.businesses)
    let answer = take(receipt, change, input, &step)
    if receipt.kind != .unsubscribed { return answer }
    // Obeyed whenever it comes, and as often; counted once.
    guard let (author, kind, isNew) = outgoing.optOut(by: receipt.message) else { return .unknownMessage }
    let isChanged = optOut(author, of: kind.topic)
    if isNew {
      step.count(
        .unsubscribed, at: input.clock, source: kind.source, scene: kind.scene, business: kind.business,
        detail: kind.material)
    }
    return isNew || isChanged ? .accepted : answer == .accepted ? .accepted : .duplicate
  }

  private mutating func take(
    _ receipt: Receipt, _ change: Outgoing.Change, _ input: RoutedInput, _ step: inout StepInProgress
  ) -> Acknowledgement {
    switch change {
    case .unknown: return .unknownMessage
    case .unchanged: return .duplicate
    case .made(let message, let lesson):
      let stage: Tally.Stage =
        switch receipt.kind {
        case .delivered: .delivered
        case .opened: .opened
        case .dismissed: .dismissed
        case .converted: .converted
        case .unsubscribed: .unsubscribed
        }
      count(stage, message, at: input.clock, &step)
      if let lesson { step.lessons.append(lesson) }
      return .accepted
    }
  }

  private func count(_ stage: Tally.Stage, _ message: SentMessages.Sent, at: Instant, _ step: inout StepInProgress) {
    step.count(
      stage, at: at, source: message.source, scene: message.scene, business: message.business,
      detail: message.material)
  }
}
