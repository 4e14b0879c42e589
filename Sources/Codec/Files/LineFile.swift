#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The lines of a file, events or profiles for example, plain or gzip (of any number of members), in bounded memory.
///
/// ```swift
/// var file = try LineFile(path: "events.ndjson.gz")
/// while let line = try file.next() { print(line.number, try line.content.get().count) }
/// ```
///
/// Carriage returns before a newline, a byte order mark and a missing last newline are fine; blank lines are left out
/// and counted. A line that is too long is refused and passed over; a damaged file ends with an error, after the lines
/// before the damage.
public struct LineFile: ~Copyable, Sendable {
  /// The longest line, in bytes.
  public static let lineLimit = 1 << 20

  /// A line, or why it is refused.
  public struct Line: Hashable, Sendable {
    /// Counts from 1, blank lines included.
    public var number: Int
    /// Without the line's end.
    public var content: Result<[UInt8], Refusal>

    public init(number: Int, content: Result<[UInt8], Refusal>) {
      self.number = number
      self.content = content
    }
  }

  private var source: ByteSource
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)
  private var unread = 0..<0
  private var lineNumber = 0

  /// - Throws: `FileReadError`: there is no such file, it cannot be read, or it is named `.gz` and is no gzip.
  public init(path: String) throws(FileReadError) { source = try ByteSource(path: path) }

  /// Bytes of the file as it lies on disk, and how many of them have been read: for progress.
  public var progress: (read: Int, total: Int) { source.progress }

  /// Whether a whole line more has been read already: who answers line by line and has one need not hurry.
  public var hasLine: Bool { newline() != nil }

  /// The next line that is not blank; nil at the end.
  /// - Throws: `FileReadError` where the file cannot be read further.
  public mutating func next() throws(FileReadError) -> Line? {
    while let line = try nextLine() {
      if case .success(let bytes) = line.content, bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
        continue
      }
      return line
    }
    return nil
  }

  private mutating func nextLine() throws(FileReadError) -> Line? {
    var line: [UInt8] = []
    var length = 0
    var isWhole = false
    while !isWhole {
      if unread.isEmpty {
        unread = 0..<(try source.read(into: &chunk))
        if unread.isEmpty { break }
      }
      let piece = unread.lowerBound..<(newline() ?? unread.upperBound)
      length += piece.count
      if length <= LineFile.lineLimit + 1 { line += chunk[piece] }
      isWhole = piece.upperBound < unread.upperBound
      unread = min(piece.upperBound + 1, unread.upperBound)..<unread.upperBound
    }
    guard isWhole || length > 0 else { return nil }
    lineNumber += 1
    if line.last == 0x0D, line.count == length {
      line.removeLast()
      length -= 1
    }
    if lineNumber == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    guard length <= LineFile.lineLimit else {
      let refusal = Refusal(
        .tooLong, "the line has \(length) bytes of at most \(LineFile.lineLimit)", hint: "one JSON object a line",
        offset: 0)
      return Line(number: lineNumber, content: .failure(refusal))
    }
    return Line(number: lineNumber, content: .success(line))
  }

  /// Where the first newline of the unread bytes is.
  private func newline() -> Int? {
    chunk.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let found = memchr(start + unread.lowerBound, 0x0A, unread.count) else {
        return nil
      }
      return UnsafeRawPointer(found) - start
    }
  }
}

/// Why a file cannot be read, or not further.
public struct FileReadError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: String, Hashable, Sendable, CaseIterable {
    case notFound
    /// No permission, a folder, a failing disk.
    case unreadable
    /// Named `.gz`, and something else inside.
    case notGzip
    /// The compressed data ends too early.
    case truncated
    /// The compressed data is damaged.
    case corrupt
  }

  public var code: Code
  public var path: String
  public var message: String

  /// `events.gz: the compressed data ends too early`
  public var description: String { "\(path): \(message)" }
}
