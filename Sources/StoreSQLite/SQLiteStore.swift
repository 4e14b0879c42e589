public import Store

/// A store in one SQLite file, `attune.db`, in a folder of its own; checkpoints in files beside it.
///
/// Calls block for as long as the disk takes; appends of several threads queue up behind each other.
public enum SQLiteStore {
  public struct Options: Sendable {
    /// What an append waits for.
    public var synchronous: Synchronous
    /// Limits the file, in pages of 4096 bytes; beyond it the disk counts as full.
    public var maxPageCount: Int?

    public init(synchronous: Synchronous = .full, maxPageCount: Int? = nil) {
      self.synchronous = synchronous
      self.maxPageCount = maxPageCount
    }
  }

  /// `PRAGMA synchronous`. Only `full` survives a power cut with everything acknowledged; `normal` may lose the
  /// last appends, `off` the store. All survive the death of the process.
  public enum Synchronous: String, Sendable {
    case full = "FULL"
    case normal = "NORMAL"
    case off = "OFF"
  }

  /// Opens the store in a folder, made when there is none, for this process alone. One of the format before is brought
  /// to this build's: the build that made it cannot open it any more.
  ///
  /// - Throws: `locked`, `otherVersion`, `damaged`, `diskFull`, `io`.
  public static func open(_ folder: String, options: Options = Options()) throws(StoreError) -> OpenedStore {
    OpenedStore(try SQLiteFile(writing: folder, options: options))
  }

  /// Opens an existing store for reading, also while another process writes to it, and also one of the format before.
  ///
  /// - Throws: `otherVersion`, `damaged`, `io`.
  public static func read(_ folder: String) throws(StoreError) -> OpenedStore {
    OpenedStore(try SQLiteFile(reading: folder))
  }
}

extension OpenedStore {
  init(_ file: SQLiteFile) {
    self.init(
      folder: file.folder, journal: SQLiteJournal(file: file), outbox: SQLiteOutbox(file: file),
      history: SQLiteHistory(file: file), copies: SQLiteCopies(file: file), notes: SQLiteNotes(file: file),
      closing: file.close)
  }
}
