import Dispatch

/// Runs what waits for a disk on a thread that may wait.
func blocking<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
  await withCheckedContinuation { done in
    DispatchQueue.global().async { done.resume(returning: body()) }
  }
}

func blocking<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { done in
    DispatchQueue.global().async { done.resume(with: Result(catching: body)) }
  }
}
