/// A store that is open: its parts lie in one place, and are committed together.
///
/// ```swift
/// let store = try SQLiteStore.open("attune-data")
/// let ledger = try Ledger(recovering: store.journal)
/// ```
public struct OpenedStore: Sendable {
  /// Where its files lie, for those who put some beside them, and for messages to people.
  public let folder: String
  public var journal: any Journal
  public var outbox: any Outbox
  public var history: any History
  public var copies: any CopyStore
  public var notes: any StoreNotes
  private let closing: @Sendable () throws(StoreError) -> Void

  /// - Parameter closing: what `close` does.
  public init(
    folder: String, journal: any Journal, outbox: any Outbox, history: any History, copies: any CopyStore,
    notes: any StoreNotes, closing: @escaping @Sendable () throws(StoreError) -> Void
  ) {
    self.folder = folder
    self.journal = journal
    self.outbox = outbox
    self.history = history
    self.copies = copies
    self.notes = notes
    self.closing = closing
  }

  /// Gives the place free for others. What is called later fails.
  public func close() throws(StoreError) { try closing() }
}
