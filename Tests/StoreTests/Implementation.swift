import Store
import StoreMemory
import StoreSQLite
import StoreTesting
import TestSupport

/// Every kind of store that there is. A new one is a case here, and all checks run against it.
enum Implementation: String, CaseIterable, Sendable, CustomStringConvertible {
  case sqlite = "SQLite"
  case memory = "memory"
  case faultySQLite = "SQLite behind faults"
  case faultyMemory = "memory behind faults"

  var description: String { rawValue }

  /// A new place; it opens what was left there.
  func place() throws -> StoreConformance.Open {
    let faults = FaultyStore()
    switch self {
    case .sqlite:
      let folder = try TemporaryFolder()
      return { try SQLiteStore.open(folder.path("store"), options: .init(synchronous: .off)) }
    case .memory:
      let memory = MemoryStore()
      return { memory.open() }
    case .faultySQLite:
      let open = try Self.sqlite.place()
      return { faults.over(try open()) }
    case .faultyMemory:
      let open = try Self.memory.place()
      return { faults.over(try open()) }
    }
  }
}
