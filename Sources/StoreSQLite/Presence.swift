import Foundation
import Store
import Synchronization

/// Whether the files that are open are still the ones under their names: to a file that was deleted or replaced one can go
/// on writing, and nobody will ever find it. Nor is there one that was emptied.
final class Presence: Sendable {
  private struct Identity: Equatable {
    var device: UInt64
    var number: UInt64
    /// A log may be, when another program has folded it.
    var isEmptied: Bool
  }

  private struct State {
    /// nil until the file is there, and something in it.
    var known: [Identity?]
    /// When something in the folder had last changed at the last look, and when that look was; nil: look again.
    var folder: (changed: timespec, looked: timespec)?
  }

  private let paths: [String]
  private let folder: Int32
  private let state: Mutex<State>

  init(_ database: String) {
    paths = [database, database + "-wal"]
    folder = open(URL(fileURLWithPath: database).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    state = Mutex(State(known: paths.map(Self.identity)))
  }

  deinit { close(folder) }

  /// Costs half a microsecond where nothing in the folder has changed.
  ///
  /// - Throws: `io` where one is not there any more.
  func check() throws(StoreError) {
    let missing = state.withLock { state -> Int? in
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      let changed = changed
      if let folder = state.folder, let changed, folder.changed == changed, now.tv_sec == folder.looked.tv_sec {
        return nil
      }
      state.folder = changed.flatMap { isSettled($0) ? ($0, now) : nil }
      return paths.indices.first { index in
        let found = Self.identity(of: paths[index])
        if state.known[index]?.isEmptied != false { state.known[index] = found }
        let isMissing = state.known[index] != found
        if isMissing { state.folder = nil }
        return isMissing
      }
    }
    guard let missing else { return }
    throw StoreError(
      .io,
      "\(paths[missing]) was removed, replaced or emptied while it was open; nothing is written any more "
        + "(hint: put the file back under its name, or stop the server and look at the folder)")
  }

  /// When the folder or its entries last changed.
  private var changed: timespec? {
    var found = stat()
    guard fstat(folder, &found) == 0 else { return nil }
    #if canImport(Darwin)
      return found.st_ctimespec
    #else
      return found.st_ctim
    #endif
  }

  /// What changes in the next moment will have another time: file systems tell it to some milliseconds.
  private func isSettled(_ changed: timespec) -> Bool {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return (now.tv_sec - changed.tv_sec) * 1_000_000_000 + now.tv_nsec - changed.tv_nsec > 50_000_000
  }

  private static func identity(of path: String) -> Identity? {
    var found = stat()
    guard stat(path, &found) == 0 else { return nil }
    return Identity(
      device: UInt64(found.st_dev), number: UInt64(found.st_ino),
      isEmptied: found.st_size == 0 && !path.hasSuffix("-wal"))
  }
}

extension timespec {
  fileprivate static func == (a: timespec, b: timespec) -> Bool { a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec }
}
