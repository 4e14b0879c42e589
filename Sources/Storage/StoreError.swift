import GRDB

/// What a store cannot do, in words for the person who runs it.
public struct StoreError: Error, Equatable, CustomStringConvertible {
  public var code: Code
  public var message: String

  public enum Code: Sendable, Equatable {
    /// No room; nothing of the transaction was written, and it may be tried again.
    case diskFull
    /// Another process has the store.
    case locked
    /// The file is not what was written.
    case damaged
    /// Written by another version.
    case unknownFormat
    case io
    /// A message, or a batch, that is already there.
    case duplicate
    /// A batch that does not follow the last one.
    case outOfOrder
    /// More than the store takes.
    case tooMany
    /// The store was opened for reading.
    case readOnly
  }

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}

extension StoreError {
  /// - Parameter what: what was being done: `append batch 7`.
  init(_ error: any Error, to what: String, in path: String) {
    if let error = error as? StoreError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.io, "cannot \(what) in \(path): \(error)")
      return
    }
    let (code, why): (Code, String) =
      switch error.resultCode {
      case .SQLITE_FULL: (.diskFull, "the disk is full")
      case .SQLITE_BUSY, .SQLITE_LOCKED: (.locked, "another process is using it")
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: (.damaged, "the file is damaged or not a store")
      case .SQLITE_READONLY: (.readOnly, "it is open for reading only")
      case .SQLITE_CONSTRAINT: (.duplicate, "it is already there")
      case .SQLITE_TOOBIG: (.io, "it is larger than SQLite can hold in one row")
      default: (.io, "\(error.message ?? "SQLite error") (code \(error.extendedResultCode.rawValue))")
      }
    self.init(code, "cannot \(what) in \(path): \(why)")
  }
}
