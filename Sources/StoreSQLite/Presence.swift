import Foundation
import Store
import Synchronization

/// Whether the files that are open are still the ones under their names: to a file that was deleted or replaced one can go
/// on writing, and nobody will ever find it.
final class Presence: Sendable {
  private struct Identity: Equatable {
    var device: UInt64
    var number: UInt64
  }

  private let paths: [String]
  /// nil until the file is there.
  private let known: Mutex<[Identity?]>

  init(_ database: String) {
    paths = [database, database + "-wal"]
    known = Mutex(paths.map(Self.identity))
  }

  /// - Throws: `io` where one is not there any more.
  func check() throws(StoreError) {
    let missing = known.withLock { known in
      paths.indices.first { index in
        let found = Self.identity(of: paths[index])
        if known[index] == nil { known[index] = found }
        return known[index] != found
      }
    }
    guard let missing else { return }
    throw StoreError(
      .io,
      "\(paths[missing]) was removed or replaced while it was open; nothing is written any more "
        + "(hint: put the file back under its name, or stop the server and look at the folder)")
  }

  private static func identity(of path: String) -> Identity? {
    var found = stat()
    guard stat(path, &found) == 0 else { return nil }
    return Identity(device: UInt64(found.st_dev), number: UInt64(found.st_ino))
  }
}
