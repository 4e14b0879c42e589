public import AttuneModel
public import Delivery
public import Lanes
import Platform
import Synchronization

/// Writes each message as one line of JSON to a file: `id, user, business, material, title, body, data, at`.
///
/// What is in the file is known exactly, also after a crash: a message is written once, however often it is delivered. A
/// message is known by its id, its user, business and material, and the instant of its decision: an older copy of a store
/// uses ids again, and these are other messages. 16 bytes a line and some are kept in memory.
///
/// Files can be rotated: renamed, removed or cut to nothing. What was written before is known until the next start.
public final class LogChannel: Channel {
  public let name: String
  private let state: Mutex<State>

  private let trouble: @Sendable (any Error) -> Void

  fileprivate struct State {
    let file: AppendFile
    var written: Set<Written>
  }

  fileprivate struct Written: Hashable {
    var id: CandidateID
    /// `LogLine.content`; nil in a line that does not tell.
    var content: UInt64?
  }

  /// When the newest message in the file was decided, as it was opened.
  public let newest: Instant?

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
    var written: Set<Written> = []
    var newest: Instant?
    let file: AppendFile
    let foreign: Int?
    do {
      file = try AppendFile(path: path)
      foreign = try file.recover { line, isWhole in
        // Rotated by cutting under a build that went on where it was.
        let line = line.drop { $0 == 0 }
        if isWhole, line.isEmpty { return false }
        guard isWhole else { return LogLine.canBegin(with: line) }
        guard let id = LogLine.id(of: line) else { return false }
        written.insert(Written(id: id, content: LogLine.content(of: line)))
        newest = [newest, LogLine.at(of: line)].compactMap(\.self).max()
        return true
      }
    } catch {
      throw DeliveryError(error.code == .locked ? .locked : .io, error.description)
    }
    if let foreign {
      throw DeliveryError(.foreign, "line \(foreign) of \(path) is not a message of this channel; choose another file")
    }
    state = Mutex(State(file: file, written: written))
    self.newest = newest
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
      var new: Set<Written> = []
      var block: [UInt8] = []
      for message in dispatches.lazy.map(\.message) {
        let line = LogLine.of(message)
        let mark = Written(id: message.id, content: LogLine.content(of: line.dropLast()))
        if !state.isWritten(mark), new.insert(mark).inserted { block.append(contentsOf: line) }
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
  fileprivate func isWritten(_ mark: LogChannel.Written) -> Bool {
    written.contains(mark) || written.contains(LogChannel.Written(id: mark.id, content: nil))
  }

  fileprivate func result(of message: Message) -> DeliveryResult {
    let mark = LogChannel.Written(id: message.id, content: LogLine.content(of: LogLine.of(message).dropLast()))
    return DeliveryResult(isWritten(mark) ? .accepted(providerID: message.id.description) : .retry(after: nil))
  }
}
