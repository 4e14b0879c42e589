import AttuneModel
import GRDB
import Store

extension StoreError {
  /// - Parameter what: what was being done: `append batch 7`.
  init(_ error: any Error, to what: String, in path: String) {
    if let error = error as? StoreError {
      self = error
      return
    }
    if error is BinaryError || error is RowDecodingError {
      self.init(.damaged, "cannot \(what) in \(path): the file is damaged: \(error)")
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
      case .SQLITE_READONLY: (.io, "the file may not be written to")
      case .SQLITE_CONSTRAINT: (.duplicate, "it is already there")
      case .SQLITE_TOOBIG: (.io, "it is larger than SQLite can hold in one row")
      // One of two numbers in its header is none that SQLite writes.
      case .SQLITE_ERROR where error.message == "unsupported file format": (.damaged, "the file is damaged")
      default: (.io, "\(error.message ?? "SQLite error") (code \(error.extendedResultCode.rawValue))")
      }
    self.init(code, "cannot \(what) in \(path): \(why)")
  }
}
