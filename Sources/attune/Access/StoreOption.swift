import ArgumentParser
import AttuneModel
import CommandSupport
import Foundation
import Runtime
import Store

/// Reads a store, also beside a server that writes it.
struct StoreOption: ParsableArguments {
  @Option(help: "The store's folder (default: ATTUNE_STORE, else attune-data).")
  var store = StoreOption.standard

  static var standard: String { ProcessInfo.processInfo.environment["ATTUNE_STORE"] ?? "attune-data" }

  func open() throws -> OpenedStore { try StoreFolder.read(store) }

  /// The zone in which times are told: the given one, else that of the store's configuration.
  static func zone(_ name: String?, of store: OpenedStore) throws -> Zone {
    guard let name = try name ?? store.notes.note(StoreMeta.zone) else { return .utc }
    guard let zone = ZoneTables.zone(named: name) else {
      throw Failure.data("there is no time zone '\(name)' (hint: write Asia/Shanghai)")
    }
    return zone
  }
}
