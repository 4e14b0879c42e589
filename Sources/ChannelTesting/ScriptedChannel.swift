public import AttuneModel
public import Delivery
public import Lanes
import Synchronization

/// Answers as it is told, and remembers what it was asked.
public final class ScriptedChannel: Channel {
  public let name: String
  private let script: @Sendable (Dispatch, Int) -> DeliveryResult
  private let memory: @Sendable (Message) -> DeliveryResult?
  private let lane: @Sendable (inout LaneSettings) -> Void
  private let log = Mutex<[Dispatch]>([])

  /// - Parameters:
  ///   - name: what messages name it by.
  ///   - script: the answer to a dispatch, and how often its message came before.
  ///   - memory: the answer to `recall`.
  ///   - lane: what it can bear.
  public init(
    _ name: String = "log",
    _ script: @escaping @Sendable (Dispatch, Int) -> DeliveryResult = { _, _ in
      DeliveryResult(.accepted(providerID: nil))
    },
    memory: @escaping @Sendable (Message) -> DeliveryResult? = { _ in nil },
    lane: @escaping @Sendable (inout LaneSettings) -> Void = { _ in }
  ) {
    self.name = name
    self.memory = memory
    self.script = script
    self.lane = lane
  }

  /// Every dispatch so far, in order.
  public var delivered: [Dispatch] { log.withLock { $0 } }
  /// The numbers of their messages.
  public var numbers: [UInt64] { delivered.map(\.message.id.number) }

  public func settings(of class: Message.Class, from defaults: LaneSettings) -> LaneSettings {
    var settings = defaults
    lane(&settings)
    return settings
  }

  public func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
    dispatches.map { dispatch in
      let before = log.withLock { log in
        defer { log.append(dispatch) }
        return log.count { $0.message.id == dispatch.message.id }
      }
      return script(dispatch, before)
    }
  }

  public func recall(_ messages: [Message]) async -> [DeliveryResult?] { messages.map(memory) }
}

/// Takes messages and does not answer before it is told to.
public final class SilentChannel: Channel {
  public let name: String
  private let lane: @Sendable (inout LaneSettings) -> Void
  private let state = Mutex<State>(State())

  private struct State {
    var taken: [Message] = []
    /// Of messages it was handed.
    var delivered: Set<CandidateID> = []
    var isReleased = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  /// - Parameters:
  ///   - name: what messages name it by.
  ///   - delivered: what an earlier process handed to it.
  ///   - lane: what it can bear.
  public init(
    _ name: String = "silent", delivered: Set<CandidateID> = [],
    lane: @escaping @Sendable (inout LaneSettings) -> Void = { _ in }
  ) {
    self.name = name
    self.lane = lane
    state.withLock { $0.delivered = delivered }
  }

  /// What it was handed or asked about, in order.
  public var taken: [Message] { state.withLock { $0.taken } }

  /// From here on it answers, also what it was asked before: everything was accepted.
  public func release() {
    let waiting = state.withLock { state in
      state.isReleased = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for one in waiting { one.resume() }
  }

  public func settings(of class: Message.Class, from defaults: LaneSettings) -> LaneSettings {
    var settings = defaults
    lane(&settings)
    return settings
  }

  public func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
    state.withLock { $0.delivered.formUnion(dispatches.lazy.map(\.message.id)) }
    await hold(dispatches.map(\.message))
    return dispatches.map { _ in DeliveryResult(.accepted(providerID: nil)) }
  }

  public func recall(_ messages: [Message]) async -> [DeliveryResult?] {
    await hold(messages)
    let delivered = state.withLock { $0.delivered }
    return messages.map { delivered.contains($0.id) ? DeliveryResult(.accepted(providerID: nil)) : nil }
  }

  private func hold(_ messages: [Message]) async {
    await withCheckedContinuation { answer in
      let isReleased = state.withLock { state in
        state.taken += messages
        if !state.isReleased { state.waiting.append(answer) }
        return state.isReleased
      }
      if isReleased { answer.resume() }
    }
  }
}
