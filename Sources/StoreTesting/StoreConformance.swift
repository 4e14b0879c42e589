public import Store

/// What every store has to do, as checks that any test target can run.
///
/// ```swift
/// @Test(arguments: StoreConformance.all) func conforms(check: StoreConformance.Check) throws {
///   let folder = TemporaryFolder()
///   try check.run { try MyStore.open(folder.path) }
/// }
/// ```
public enum StoreConformance {
  /// Opens the place of one store: a new one at the first call, and again what was written before. The checks close
  /// what they were given before they ask again.
  public typealias Open = () throws -> OpenedStore

  public struct Check: Sendable, CustomStringConvertible {
    /// The part of the store, and what is checked of it.
    public let name: String
    private let body: @Sendable (Place) throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (Place) throws -> Void) {
      self.name = name
      self.body = body
    }

    /// - Throws: `ConformanceFailure` at the first thing that is not as it has to be, and what the store throws.
    public func run(_ open: @escaping Open) throws {
      let place = Place(open)
      do { try body(place) } catch let error as ConformanceFailure {
        throw ConformanceFailure(what: "\(name): \(error.what)", file: error.file, line: error.line)
      }
      try place.close()
    }

    public var description: String { name }
  }

  public static let all = journal + outbox + history + copies + notes + faults

  /// Where a check's store is.
  public final class Place {
    private let open: Open
    private var store: OpenedStore?

    init(_ open: @escaping Open) { self.open = open }

    /// Closes the store that it opened before.
    public func reopen() throws -> OpenedStore {
      try close()
      let opened = try open()
      store = opened
      return opened
    }

    func close() throws {
      try store?.close()
      store = nil
    }
  }
}

/// What a store did not do as it has to.
public struct ConformanceFailure: Error, CustomStringConvertible {
  public var what: String
  public var file: StaticString
  public var line: UInt

  public var description: String { "\(file):\(line): \(what)" }
}

func equal<T: Equatable>(
  _ found: T, _ expected: T, _ what: @autoclosure () -> String = "", file: StaticString = #fileID, line: UInt = #line
) throws(ConformanceFailure) {
  if found == expected { return }
  let place = what()
  throw ConformanceFailure(
    what: (place.isEmpty ? "" : place + ": ") + "expected \(expected), found \(found)", file: file, line: line)
}

func holds(
  _ condition: Bool, _ what: String, file: StaticString = #fileID, line: UInt = #line
) throws(ConformanceFailure) {
  if !condition { throw ConformanceFailure(what: what, file: file, line: line) }
}
