import AttuneModel
import Lanes
import Store
import Synchronization

// What lanes ask for.
extension Sender {
  /// Works on a lane until it has nothing to do, in a task of its own that no cancellation reaches.
  func start(_ id: LaneID) {
    guard lanes[id]?.isBusy == false, lanes[id]?.hasGivenUp == false else { return }
    lanes[id]?.isBusy = true
    Task {
      while true {
        do {
          try await work(on: id)
          lanes[id]?.failures = 0
          break
        } catch {
          trouble(error)
          if isStopping.withLock({ $0 }) {
            lanes[id]?.hasGivenUp = true
            break
          }
          let wait = delay(after: lanes[id]?.failures ?? 0)
          lanes[id]?.failures += 1
          try? await Task.sleep(for: .milliseconds(wait.milliseconds))
        }
      }
      lanes[id]?.isBusy = false
      noteRest()
    }
  }

  /// Does what the lane wants, one thing after another. What throws comes first the next time.
  func work(on id: LaneID) async throws {
    while let action = lanes[id]?.next(at: now(), isStopping: isStopping.withLock { $0 }) {
      try await perform(action, for: id)
      lanes[id]?.actions.removeFirst()
    }
  }

  private func perform(_ action: LaneAction, for id: LaneID) async throws {
    switch action {
    case .claim(let limit):
      let claims = try outbox.claim(channel: id.channel, class: id.class, limit: limit, now: now())
      claimed += claims.count
      lanes[id]?.inbox.append(.claimed(claims))
    case .dispatch(let number, let claims):
      launch(number, for: id) { [self] channel in await deliver(claims.map(\.message), by: channel) }
    case .recall(let number, let claims):
      launch(number, for: id) { channel in await channel.recall(claims.map(\.message)) }
    case .settle(let settlements) where isRunning: await tell(settlements, for: id)
    case .settle(let settlements): try await record(settlements, for: id)
    case .requeue(let retries): try outbox.requeue(retries)
    case .wait(let until): wait(until, for: id)
    case .report(let lane): trouble(lane)
    }
  }

  private func launch(
    _ number: UInt64, for id: LaneID, _ question: @escaping @Sendable (any Channel) async -> [DeliveryResult?]
  ) {
    guard let channel = lanes[id]?.channel else { return }
    lanes[id]?.flights[number] = Task {
      let results = await question(channel)
      lanes[id]?.flights[number] = nil
      lanes[id]?.inbox.append(.answered(number, results))
      if isRunning { start(id) }
    }
  }

  private func wait(_ until: Instant, for id: LaneID) {
    guard isRunning else { return }
    lanes[id]?.timer?.cancel()
    let span = max(.zero, until - now())
    lanes[id]?.timer = Task {
      guard (try? await Task.sleep(for: .milliseconds(span.milliseconds))) != nil else { return }
      lanes[id]?.inbox.append(.wake)
      start(id)
    }
  }

  /// So many dispatches' settlements may wait for the journal before a lane does: after a crash nobody may know how
  /// their messages ended.
  private static let patience = 10

  /// The journal is told while the lane goes on.
  private func tell(_ settlements: [Settlement], for id: LaneID) async {
    untold += settlements
    if telling == nil { telling = Task { await tellAll() } }
    let limit = Self.patience * (lanes[id]?.lane.settings.batch ?? 0)
    while untold.count > limit, let telling { await telling.value }
  }

  private func tellAll() async {
    var failures = 0
    while !untold.isEmpty {
      do {
        let some = Array(untold.prefix(Self.together))
        try await settle(some)
        untold.removeFirst(some.count)
        for settlement in some { withheld.remove(settlement.message) }
        failures = 0
      } catch {
        trouble(error)
        // The next start looks into them.
        if isStopping.withLock({ $0 }) { break }
        try? await Task.sleep(for: .milliseconds(delay(after: failures).milliseconds))
        failures += 1
      }
    }
    telling = nil
    noteRest()
  }

  /// Settlements in one batch of the journal.
  private static let together = 1000

  /// What the journal has taken is not told again.
  private func record(_ settlements: [Settlement], for id: LaneID) async throws {
    var rest = settlements[...]
    while !rest.isEmpty {
      let some = Array(rest.prefix(Self.together))
      try await settle(some)
      for settlement in some { withheld.remove(settlement.message) }
      rest.removeFirst(some.count)
      lanes[id]?.actions[0] = .settle(Array(rest))
    }
  }
}

// What the outbox holds besides.
extension Sender {
  /// Hands out what a crash left over, what is withheld, and what nobody has a lane for; how many messages are withheld
  /// that no lane knew of.
  func lookAround() throws -> Int {
    if !hasRecovered {
      let left = try outbox.claimed()
      hasRecovered = true
      for (id, claims) in byLane(left) { lanes[id]?.inbox.append(.found(claims)) }
    }
    // A journal that is slow to take them is not to be flooded.
    guard withheld.count < 50 * settings.lane.batch else { return 0 }
    // Those a crash left over, and those that the journal has retracted since.
    var claims = try outbox.withheld().filter { !withheld.contains($0.message.id) }
    claims += try outbox.expired(limit: settings.lane.batch, now: now())
    withheld.formUnion(claims.map(\.message.id))
    for (id, some) in byLane(claims) { lanes[id]?.inbox.append(.withheld(some)) }
    for name in try outbox.channels() where channels[name] == nil {
      for `class` in Message.Class.allCases { open(LaneID(channel: name, class: `class`)) }
    }
    return claims.count
  }

  /// In the order of the lanes; each is there.
  private func byLane(_ claims: [Claim]) -> [(LaneID, [Claim])] {
    let groups = Dictionary(grouping: claims) { LaneID(channel: $0.message.channel, class: $0.message.class) }
    for id in groups.keys { open(id) }
    return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func open(_ id: LaneID) {
    if lanes[id] != nil { return }
    lanes[id] = LaneAtWork(id, channels[id.channel] ?? MissingChannel(name: id.channel), settings.lane)
  }
}

// A channel and its devices.
extension Sender {
  private nonisolated func deliver(_ messages: [Message], by channel: any Channel) async -> [DeliveryResult?] {
    guard let devices = await devices(of: messages) else {
      return messages.map { _ in DeliveryResult(.retry(after: nil)) }
    }
    let results = await channel.deliver(zip(messages, devices).map { Dispatch(message: $0, devices: $1) })
    for (message, result) in zip(messages, results) { await retire(result, of: message.user) }
    return results
  }

  /// nil: the directory failed. Without one, there are no devices.
  private nonisolated func devices(of messages: [Message]) async -> [[Device]]? {
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
  private nonisolated func retire(_ result: DeliveryResult, of user: String) async {
    guard let directory else { return }
    for answer in result.devices where answer.disposition != .keep {
      guard let device = answer.device else { continue }
      do { try await directory.retire(device, of: user, as: answer.disposition) } catch { trouble(error) }
    }
  }
}
