public import Codec
public import Ingest

/// A file of events, watermarks and clocks, NDJSON, plain or gzip, line after line in bounded memory.
public struct StreamFile: ~Copyable {
  private let name: String
  private var file: LineFile
  private let decoder = StreamLineDecoder()

  /// - Parameter path: `-` for standard input.
  public init(path: String) throws(FileReadError) {
    name = path == "-" ? "standard input" : path
    file = try LineFile(path: path == "-" ? "/dev/stdin" : path)
  }

  /// What the next line says; nil at the end.
  ///
  /// - Throws: `StreamFileError` for a line that says nothing sound, `FileReadError` for a file that cannot be read
  ///   further.
  public mutating func next() throws -> StreamLine? {
    guard let line = try file.next() else { return nil }
    switch line.content.flatMap({ decoder.decode($0) }) {
    case .success(let content): return content
    case .failure(let refusal):
      let before = (try? line.content.get())?.prefix(refusal.offset) ?? []
      let column = String(decoding: before, as: UTF8.self).unicodeScalars.count + 1
      throw StreamFileError(file: name, line: line.number, column: column, refusal: refusal)
    }
  }
}

/// A line that cannot be followed.
public struct StreamFileError: Error, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int
  /// Counts characters from 1.
  public var column: Int
  public var refusal: Refusal

  /// `events.ndjson:7:21: error: /ts: ts is no RFC 3339 instant (hint: ...)`
  public var description: String { "\(file):\(line):\(column): error: \(refusal)" }
}
