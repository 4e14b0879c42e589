import Store
import StoreSQLite

/// Where stores are opened: the one place that knows what a folder's store is made of.
enum StoreFolder {
  /// For this process alone; made when there is none.
  static func open(_ folder: String) throws(StoreError) -> OpenedStore { try SQLiteStore.open(folder) }

  /// One that may lose its last seconds to a power cut.
  static func openFleeting(_ folder: String) throws(StoreError) -> OpenedStore {
    try SQLiteStore.open(folder, options: SQLiteStore.Options(synchronous: .normal))
  }

  /// Takes a store as it is that lacks what it acknowledged, and tells what was found.
  static func accept(_ folder: String) throws(StoreError) -> [String] { try SQLiteStore.accept(folder) }

  /// Also beside a server that writes it.
  static func read(_ folder: String) throws(StoreError) -> OpenedStore { try SQLiteStore.read(folder) }
}
