import AttuneModel
import Materials
import Platform
import Runtime
import Store
import Synchronization

/// The library as it was read last: a list is paged through more quickly than it is read.
final class CopyShelf: Sendable {
  /// How old what is told of a copy may be, at the least: a large library may be ten times as old as it takes to read.
  /// What is changed over HTTP is told at once.
  private static let lifetime = Duration.seconds(2)

  private struct State {
    /// Changes whenever the library does.
    var generation = 0
    var read: (library: CopyLibrary, until: ContinuousClock.Instant)?
  }

  private let store: OpenedStore
  private let now: @Sendable () -> Instant
  private let state = Mutex(State())

  init(store: OpenedStore, now: @escaping @Sendable () -> Instant) {
    self.store = store
    self.now = now
  }

  func library() async throws -> CopyLibrary {
    let start = ContinuousClock.now
    let (generation, read) = state.withLock { ($0.generation, $0.read) }
    if let read, start < read.until { return read.library }
    let library = try await blocking { [store, now] in try store.library(at: now()) }
    let end = ContinuousClock.now
    state.withLock { state in
      // It may have been changed while it was read.
      if state.generation == generation { state.read = (library, end + max(Self.lifetime, (end - start) * 10)) }
    }
    return library
  }

  /// - Parameter change: runs where it may wait for the disk.
  func change<T: Sendable>(_ change: @escaping @Sendable (any CopyStore) throws -> T) async throws -> T {
    defer {
      state.withLock { state in
        state.generation += 1
        state.read = nil
      }
    }
    return try await blocking { [store] in try change(store.copies) }
  }
}
