import Foundation
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

  /// Opens the store in a folder, made when there is none, for this process alone. One of an older format is brought to
  /// this build's when it is first written to: the build that made it cannot open it then.
  ///
  /// - Throws: `locked`, `otherVersion`, `damaged`, `lost`, `diskFull`, `io`.
  public static func open(_ folder: String, options: Options = Options()) throws(StoreError) -> OpenedStore {
    OpenedStore(try SQLiteFile(writing: folder, options: options))
  }

  /// Takes a store as it is that `open` refuses as `lost`: it goes on from the last batch that is there.
  ///
  /// - Returns: What was found, for people.
  public static func accept(_ folder: String) throws(StoreError) -> [String] {
    let file = try SQLiteFile(writing: folder, options: Options(), accepts: true)
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    try SQLiteNotes(file: file).setNote(OpenedStore.knownThrough, to: "\(now)")
    try file.close()
    return file.findings
  }

  /// Opens an existing store for reading, also while another process writes to it, and also one of an older format.
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
      findings: { file.findings },
      closing: file.close)
  }
}
