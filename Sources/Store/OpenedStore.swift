/// A store that is open: its parts lie in one place, and are committed together.
///
/// ```swift
/// let store = try SQLiteStore.open("attune-data")
/// let ledger = try Ledger(recovering: store.journal)
/// ```
public struct OpenedStore: Sendable {
  /// The note of an instant, in epoch milliseconds, that is later than all that was decided although the journal's clock
  /// does not say so: a loss was accepted, or the clock turned back.
  public static let knownThrough = "known.through"

  /// Where its files lie, for those who put some beside them, and for messages to people.
  public let folder: String
  public var journal: any Journal
  public var outbox: any Outbox
  public var history: any History
  public var copies: any CopyStore
  public var notes: any StoreNotes
  private let found: @Sendable () -> [String]
  private let closing: @Sendable () throws(StoreError) -> Void

  /// - Parameters:
  ///   - findings: what `findings` tells.
  ///   - closing: what `close` does.
  public init(
    folder: String, journal: any Journal, outbox: any Outbox, history: any History, copies: any CopyStore,
    notes: any StoreNotes, findings: @escaping @Sendable () -> [String] = { [] },
    closing: @escaping @Sendable () throws(StoreError) -> Void
  ) {
    self.folder = folder
    self.journal = journal
    self.outbox = outbox
    self.history = history
    self.copies = copies
    self.notes = notes
    found = findings
    self.closing = closing
  }

  /// What was found at opening and since that is not as it was left, for people: files that were set aside, and why.
  public var findings: [String] { found() }

  /// Gives the place free for others. What is called later fails.
  public func close() throws(StoreError) { try closing() }
}
