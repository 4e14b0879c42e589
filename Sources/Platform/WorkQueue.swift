import Foundation

/// A few threads for what computes for long, such as searches and compilations. The others wait for their turn: neither
/// the cooperative threads nor all cores of the machine are taken, however many ask at a time.
///
/// ```swift
/// let found = try await work.run { try library.search("shoes") }
/// ```
public final class WorkQueue: Sendable {
  private let queue: OperationQueue

  /// - Parameter width: threads at a time; default is half of the cores.
  public init(_ name: String, width: Int? = nil) {
    let width = width ?? max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
    queue = OperationQueue()
    queue.name = name
    queue.maxConcurrentOperationCount = width
  }

  /// - Throws: What `body` throws.
  public func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { done in
      queue.addOperation { done.resume(with: Result(catching: body)) }
    }
  }

  public func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
    await withCheckedContinuation { done in
      queue.addOperation { done.resume(returning: body()) }
    }
  }
}
