import AttuneModel
import Store

extension Sender {
  /// One batch all the way; whether there may be more.
  func step() async throws -> Bool {
    try await record()
    if !hasRecovered { try await recover() }
    // What was withheld so far is settled, so this is what the journal has retracted since.
    let retracted = try outbox.withheld()
    withdraw(retracted)
    let expired = try outbox.expired(limit: settings.batch, now: now())
    withdraw(expired)
    let claims = try outbox.claim(limit: settings.batch, now: now())
    let results = await deliver(claims)
    for (claim, result) in zip(claims, results) { conclude(claim, result) }
    try await record()
    return !retracted.isEmpty || !expired.isEmpty || !claims.isEmpty
  }

  /// After a start: rows that were claimed or withheld when the process ended.
  private func recover() async throws {
    let (claimed, withheld) = (try outbox.claimed(), try outbox.withheld())
    withdraw(withheld)
    // A channel that is gone may have delivered before.
    let answers = await ask(claimed, missing: .unknown) { channel, claims in await channel.recall(claims.map(\.message))
    }
    for (claim, answer) in zip(claimed, answers) {
      // The crash was ours, so there is no reason to wait longer than a provider asked for.
      conclude(claim, answer ?? DeliveryResult(.unknown), backsOff: false)
    }
    hasRecovered = true
    try await record()
  }

  private func deliver(_ claims: [Claim]) async -> [DeliveryResult] {
    let results = await ask(claims, missing: .failed(DeliveryFailure(.noChannel))) { [self] channel, claims in
      let messages = claims.map(\.message)
      guard let devices = await devices(of: messages) else {
        return messages.map { _ in DeliveryResult(.retry(after: nil)) }
      }
      let results = await channel.deliver(zip(messages, devices).map { Dispatch(message: $0, devices: $1) })
      for (message, result) in zip(messages, results) { await retire(result, of: message.user) }
      return results
    }
    // A channel that answers too little has lost track.
    return results.map { $0 ?? DeliveryResult(.unknown) }
  }

  /// Asks each channel about its own, at the same time; answers in the order of the claims.
  private func ask(
    _ claims: [Claim], missing: DeliveryOutcome,
    _ question: @escaping @Sendable (any Channel, [Claim]) async -> [DeliveryResult?]
  ) async -> [DeliveryResult?] {
    var answers = claims.map { channels[$0.message.channel] == nil ? DeliveryResult(missing) : nil }
    await withTaskGroup { group in
      for (name, channel) in channels {
        let indices = claims.indices.filter { claims[$0].message.channel == name }
        guard !indices.isEmpty else { continue }
        group.addTask { (indices, await question(channel, indices.map { claims[$0] })) }
      }
      for await (indices, some) in group {
        for (index, answer) in zip(indices, some) { answers[index] = answer }
      }
    }
    return answers
  }

  /// nil: the directory failed. Without one, there are no devices.
  private func devices(of messages: [Message]) async -> [[Device]]? {
    guard let directory else { return messages.map { _ in [] } }
    do {
      let devices = try await directory.devices(of: messages)
      return devices.count == messages.count ? devices : nil
    } catch {
      trouble(error)
      return nil
    }
  }

  /// Should this fail, the provider will say so again.
  private func retire(_ result: DeliveryResult, of user: String) async {
    guard let directory else { return }
    for answer in result.devices {
      guard let device = answer.device, case .failed(let failure) = answer.outcome, failure.token != .keep else {
        continue
      }
      do { try await directory.retire(device, of: user, as: failure.token) } catch { trouble(error) }
    }
  }
}

// What follows from an answer. Nothing is recorded before `record`.
extension Sender {
  private func conclude(_ claim: Claim, _ result: DeliveryResult, backsOff: Bool = true) {
    let message = claim.message
    switch result.verdict(message.whenUnknown) {
    case .settle(.failed): settlements.append(Settlement(message: message.id, outcome: end(claim, as: .failed)))
    case .settle(let outcome): settlements.append(Settlement(message: message.id, outcome: outcome))
    case .again(let after, let doubtful):
      let wait = max(after ?? .zero, backsOff ? backoff.delay(attempts: claim.attempts) : .zero)
      let due = now() + wait
      if let expires = message.expires, due >= expires {
        let outcome = doubtful ? .unknown : end(claim, as: .failed)
        settlements.append(Settlement(message: message.id, outcome: outcome))
      } else {
        retries.append(Retry(message: message.id, notBefore: due, doubtful: doubtful))
      }
    }
  }

  private func withdraw(_ claims: [Claim]) {
    settlements += claims.map { Settlement(message: $0.message.id, outcome: end($0, as: .withdrawn)) }
  }

  /// After a try without an answer nobody can say that it was not delivered.
  private func end(_ claim: Claim, as outcome: Settlement.Outcome) -> Settlement.Outcome {
    claim.doubtful ? .unknown : outcome
  }

  private func record() async throws {
    if !retries.isEmpty {
      try outbox.requeue(retries)
      retries = []
    }
    while !settlements.isEmpty {
      let some = Array(settlements.prefix(1000))
      settlements.removeFirst(some.count)
      do {
        try await settle(some)
      } catch {
        settlements = some + settlements
        throw error
      }
    }
  }
}
