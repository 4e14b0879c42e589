public import Codec
import Foundation
public import Ingest

/// A log of decisions, NDJSON, plain or gzip, which can be read more than once in bounded memory.
public final class DecisionFile {
  /// As it is called in messages.
  public let name: String
  private let path: String
  private let copy: URL?

  /// - Parameter path: `-` for standard input; what can be read only once is kept in a temporary file meanwhile.
  public init(path: String) throws {
    name = path == "-" ? "standard input" : path
    guard let stream = Self.stream(path) else {
      (self.path, copy) = (path, nil)
      return
    }
    let copy = FileManager.default.temporaryDirectory.appending(path: "attune-\(UUID().uuidString).ndjson")
    (self.path, self.copy) = (copy.path, copy)
    try Data().write(to: copy)
    let handle = try FileHandle(forWritingTo: copy)
    while let data = try stream.read(upToCount: 1 << 16), !data.isEmpty { try handle.write(contentsOf: data) }
    try handle.close()
  }

  /// Nil for a file, also one that is not there.
  private static func stream(_ path: String) -> FileHandle? {
    if path == "-" { return .standardInput }
    var status = stat()
    guard stat(path, &status) == 0, [S_IFIFO, S_IFCHR, S_IFSOCK].contains(status.st_mode & S_IFMT) else { return nil }
    return FileHandle(forReadingAtPath: path)
  }

  deinit { if let copy { try? FileManager.default.removeItem(at: copy) } }

  /// Every decision, in order, with its line.
  ///
  /// - Throws: `DecisionFileError` for a line that says nothing sound, `FileReadError` for a file that cannot be read
  ///   further, and what `body` throws.
  public func forEach(_ body: (DecisionLine, _ line: Int) throws -> Void) throws {
    let decoder = DecisionLineDecoder()
    do {
      var file = try LineFile(path: path)
      while let line = try file.next() {
        switch line.content.flatMap({ decoder.decode($0) }) {
        case .success(let decision): try body(decision, line.number)
        case .failure(let refusal): throw DecisionFileError(file: name, line: line.number, refusal: refusal)
        }
      }
    } catch var error as FileReadError {
      error.path = name
      throw error
    }
  }
}

/// A line that cannot be evaluated.
public struct DecisionFileError: Error, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int
  public var refusal: Refusal

  /// `log.ndjson:7: /propensity: the propensity is 0.0, not in 1e-09 to 1.0 (hint: ...)`
  public var description: String { "\(file):\(line): \(refusal)" }
}
