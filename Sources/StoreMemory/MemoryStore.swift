public import AttuneModel
import Materials
public import Store
import Synchronization

/// A store that lies in memory: for tests and simulations. What was committed is there when it is opened again.
///
/// ```swift
/// let memory = MemoryStore()
/// let store = memory.open()
/// try store.close()
/// let again = memory.open()   // finds what `store` wrote
/// ```
public final class MemoryStore: Sendable {
  private let content = Mutex(Content())

  public init() {}

  /// What was opened before should be closed: nothing keeps two from writing.
  public func open() -> OpenedStore { opened(isReadOnly: false) }

  /// As it is and will be, for reading.
  public func read() -> OpenedStore { opened(isReadOnly: true) }

  /// A message of the outbox, and how it stands.
  public struct Row: Sendable, Equatable {
    public var claim: Claim
    public var state: State
    /// When it is to be tried; a first try does not wait for it.
    public var due: Instant
    /// Asked back while it was claimed: should it come back, it has expired.
    var isRecalled = false
    /// By the journal's clock.
    var settledAt = Instant.distantPast

    public enum State: Sendable, Equatable {
      case queued, claimed, withheld
      case settled(Settlement.Outcome)
    }
  }

  /// Everything in the outbox, in the order in which it came.
  public var rows: [Row] { content.withLock { $0.rows } }

  private func opened(isReadOnly: Bool) -> OpenedStore {
    let session = Session(store: self, isReadOnly: isReadOnly)
    return OpenedStore(
      folder: "memory", journal: MemoryJournal(session: session, lastAtOpening: content.withLock { $0.last }),
      outbox: MemoryOutbox(session: session), history: MemoryHistory(session: session),
      copies: MemoryCopies(session: session), notes: MemoryNotes(session: session), closing: session.close)
  }

  /// What one opening may do.
  final class Session: Sendable {
    private let store: MemoryStore
    let isReadOnly: Bool
    private let isClosed = Mutex(false)

    init(store: MemoryStore, isReadOnly: Bool) {
      self.store = store
      self.isReadOnly = isReadOnly
    }

    @Sendable func close() { isClosed.withLock { $0 = true } }

    func reading<T: Sendable>(_ body: (Content) throws(StoreError) -> T) throws(StoreError) -> T {
      if isClosed.withLock({ $0 }) { throw StoreError(.io, "the store in memory is closed") }
      let content = store.content.withLock { $0 }
      return try body(content)
    }

    /// - Parameter body: checks first and then changes, so that what throws leaves everything as it was.
    func writing<T: Sendable>(_ body: (inout Content) throws(StoreError) -> T) throws(StoreError) -> T {
      if isClosed.withLock({ $0 }) { throw StoreError(.io, "the store in memory is closed") }
      if isReadOnly { throw StoreError(.readOnly, "the store in memory is open for reading only") }
      return try store.content.withLock { content throws(StoreError) in try body(&content) }
    }
  }

  struct Content: Sendable {
    var batches: [JournalBatch] = []
    var history: [HistoryBatch] = []
    /// Sequence of the newest batch.
    var last: Int64 = 0
    /// Sequences of the last batches that were removed.
    var trimmed: Int64 = 0
    var historyTrimmed: Int64 = 0
    /// The last two, the newest first.
    var checkpoints: [(sequence: Int64, state: [UInt8])] = []

    var rows: [Row] = []
    /// Where a message is among `rows`.
    var places: [CandidateID: Int] = [:]

    var indexed: Int64 = 0
    var users: [String: [Int64]] = [:]
    var funnel = Tally()

    var copies: [String: LibraryCopy] = [:]
    var notes: [String: String] = [:]
  }
}

struct MemoryNotes: StoreNotes {
  let session: MemoryStore.Session

  func note(_ name: String) throws(StoreError) -> String? { try session.reading { $0.notes[name] } }

  func setNote(_ name: String, to text: String) throws(StoreError) {
    try session.writing { content throws(StoreError) in content.notes[name] = text }
  }
}
