public import AttuneModel
public import Delivery
public import Lanes
import Platform
import Synchronization

/// Writes each message as one line of JSON to a file: `id, user, business, material, title, body, data, at`.
///
/// What is in the file is known exactly, also after a crash: a message is written once, however often it is delivered.
/// Its ids are kept in memory, 8 bytes a line and some.
public final class LogChannel: Channel {
  public let name: String
  private let state: Mutex<State>

  private let trouble: @Sendable (any Error) -> Void

  fileprivate struct State {
    let file: AppendFile
    var written: Set<CandidateID>
  }

  /// Opens or makes the file, for this process alone, and reads the ids in it. A torn last line is cut off.
  ///
  /// - Parameters:
  ///   - path: of the file; its folder must be there.
  ///   - name: what messages name the channel by.
  ///   - trouble: told why the file cannot be written to; the messages are to be tried again.
  /// - Throws: `locked`, `foreign` where it holds anything but messages of such a channel, `io`.
  public init(
    path: String, name: String = "log", trouble: @escaping @Sendable (any Error) -> Void = { _ in }
  ) throws(DeliveryError) {
    self.name = name
    self.trouble = trouble
    var ids: Set<CandidateID> = []
    let file: AppendFile
    let foreign: Int?
    do {
      file = try AppendFile(path: path)
      foreign = try file.recover { line, isWhole in
        guard isWhole else { return LogLine.canBegin(with: line) }
        guard let id = LogLine.id(of: line) else { return false }
        ids.insert(id)
        return true
      }
    } catch {
      throw DeliveryError(error.code == .locked ? .locked : .io, error.description)
    }
    if let foreign {
      throw DeliveryError(.foreign, "line \(foreign) of \(path) is not a message of this channel; choose another file")
    }
    state = Mutex(State(file: file, written: ids))
  }

  /// Messages in the file.
  public var count: Int { state.withLock { $0.written.count } }

  /// To write a file costs little for each message, and waiting for the outbox much.
  public func settings(of class: Message.Class, from defaults: LaneSettings) -> LaneSettings {
    var settings = defaults
    settings.batch = max(settings.batch, 500)
    return settings
  }

  public func deliver(_ dispatches: [Dispatch]) async -> [DeliveryResult] {
    state.withLock { state in
      var new: Set<CandidateID> = []
      var block: [UInt8] = []
      for message in dispatches.lazy.map(\.message)
      where !state.written.contains(message.id) && new.insert(message.id).inserted {
        block.append(contentsOf: LogLine.of(message))
      }
      do {
        if !block.isEmpty { try state.file.append(block) }
        state.written.formUnion(new)
      } catch {
        trouble(error)
      }
      return dispatches.map { state.result(of: $0.message) }
    }
  }

  public func recall(_ messages: [Message]) async -> [DeliveryResult?] {
    state.withLock { state in messages.map { state.result(of: $0) } }
  }
}

extension LogChannel.State {
  fileprivate func result(of message: Message) -> DeliveryResult {
    DeliveryResult(written.contains(message.id) ? .accepted(providerID: message.id.description) : .retry(after: nil))
  }
}
