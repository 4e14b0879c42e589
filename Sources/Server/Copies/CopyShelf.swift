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
    /// Whoever comes while it is read waits for that.
    var reading: Task<CopyLibrary, any Error>?
  }

  private enum Shelved: Sendable {
    case library(CopyLibrary)
    case reading(Task<CopyLibrary, any Error>)
  }

  private let store: OpenedStore
  private let work: WorkQueue
  private let now: @Sendable () -> Instant
  private let state = Mutex(State())

  init(store: OpenedStore, work: WorkQueue, now: @escaping @Sendable () -> Instant) {
    self.store = store
    self.work = work
    self.now = now
  }

  func library() async throws -> CopyLibrary {
    let start = ContinuousClock.now
    let shelved = state.withLock { state in
      if let read = state.read, start < read.until { return Shelved.library(read.library) }
      let reading = state.reading ?? read(for: state.generation)
      state.reading = reading
      return Shelved.reading(reading)
    }
    switch shelved {
    case .library(let library): return library
    case .reading(let reading): return try await reading.value
    }
  }

  private func read(for generation: Int) -> Task<CopyLibrary, any Error> {
    Task {
      let start = ContinuousClock.now
      let library = await work.run { [store, now] in Result { try store.library(at: now()) } }
      let end = ContinuousClock.now
      state.withLock { state in
        // It may have been changed while it was read.
        guard state.generation == generation else { return }
        state.reading = nil
        state.read = (try? library.get()).map { ($0, end + max(Self.lifetime, (end - start) * 10)) }
      }
      return try library.get()
    }
  }

  /// - Parameter change: runs where it may wait for the disk.
  func change<T: Sendable>(_ change: @escaping @Sendable (any CopyStore) throws -> T) async throws -> T {
    defer {
      state.withLock { state in
        state.generation += 1
        state.read = nil
        state.reading = nil
      }
    }
    return try await blocking { [store] in try change(store.copies) }
  }
}
