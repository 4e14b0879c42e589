import Dispatch

/// Runs what waits for a disk on a thread that may wait: never on one of the cooperative ones, of which there are as few
/// as cores.
///
/// ```swift
/// let page = try await blocking { try timeline.page(limit: 20) }
/// ```
public func blocking<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
  await withCheckedContinuation { done in
    DispatchQueue.global().async { done.resume(returning: body()) }
  }
}

/// - Throws: What `body` throws.
public func blocking<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { done in
    DispatchQueue.global().async { done.resume(with: Result(catching: body)) }
  }
}
