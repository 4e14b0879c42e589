/// The records of a file of comma-separated values (RFC 4180, UTF-8), plain or gzip, in bounded memory.
///
/// Fields may be quoted, and then hold commas, doubled quotes and line ends. A byte order mark, `\n` for `\r\n` and a
/// missing last line end are fine; blank lines are left out.
public struct CSVFile: ~Copyable {
  /// A field with its place.
  public struct Field: Hashable, Sendable {
    public var text: String
    /// Where it begins, both from 1; columns count characters.
    public var line: Int
    public var column: Int
  }

  /// Bytes of a record.
  public static let recordLimit = 1 << 18
  /// Fields of a record.
  public static let fieldLimit = 1000

  private var source: ByteSource
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)
  private var unread = 0..<0
  private var isAtStart = true
  private var line = 1
  private var column = 1

  /// - Throws: `FileReadError`: there is no such file, it cannot be read, or it is named `.gz` and is no gzip.
  public init(path: String) throws(FileReadError) { source = try ByteSource(path: path) }

  /// The next record that is not blank; nil at the end.
  /// - Throws: `CSVError`, after which nothing further can be told apart; `FileReadError` where the file cannot be read.
  public mutating func next() throws -> [Field]? {
    while try peek() != nil {
      let fields = try record()
      if fields.count > 1 || fields[0].text != "" || fields[0].isQuoted { return fields.map(\.field) }
    }
    return nil
  }

  private struct Read {
    var text: String
    var isQuoted: Bool
    var line: Int
    var column: Int
    var field: Field { Field(text: text, line: line, column: column) }
  }

  private mutating func record() throws -> [Read] {
    var fields: [Read] = []
    var size = 0
    while true {
      let (line, column) = (line, column)
      let isQuoted = try peek() == Self.quote
      let bytes = isQuoted ? try quoted() : try plain()
      size += bytes.count
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw CSVError(line: line, column: column, "the field is not UTF-8", hint: "save the file as CSV UTF-8")
      }
      guard size <= Self.recordLimit, fields.count < Self.fieldLimit else {
        throw CSVError(
          line: line, column: column,
          "the record has more than \(Self.recordLimit) bytes or \(Self.fieldLimit) fields",
          hint: "is a quote missing?")
      }
      fields.append(Read(text: text.composed, isQuoted: isQuoted, line: line, column: column))
      guard try peek() == Self.comma else { break }
      take()
    }
    try endLine()
    return fields
  }

  /// Up to a comma or the end of the line.
  private mutating func plain() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let byte = try peek(), byte != Self.comma, byte != 0x0A, byte != 0x0D, bytes.count <= Self.recordLimit {
      guard byte != Self.quote else {
        throw CSVError(
          line: line, column: column, "a quote inside a field that is not in quotes",
          hint: "put the whole field in quotes, and double the quotes in it")
      }
      bytes.append(byte)
      take()
    }
    return bytes
  }

  /// From its quote to behind its quote.
  private mutating func quoted() throws -> [UInt8] {
    let (line, column) = (line, column)
    var bytes: [UInt8] = []
    take()
    while let byte = try peek(), bytes.count <= Self.recordLimit {
      take()
      guard byte == Self.quote else {
        bytes.append(byte)
        continue
      }
      if try peek() == Self.quote {
        take()
        bytes.append(Self.quote)
        continue
      }
      if let next = try peek(), next != Self.comma, next != 0x0A, next != 0x0D {
        throw CSVError(
          line: self.line, column: self.column, "something follows the closing quote",
          hint: "double the quotes inside a field")
      }
      return bytes
    }
    throw CSVError(line: line, column: column, "the quote is never closed", hint: "double the quotes inside a field")
  }

  private mutating func endLine() throws {
    if try peek() == 0x0D { take() }
    if try peek() == 0x0A {
      take()
    } else if try peek() != nil, column > 1 {
      // A carriage return alone, as very old programs end lines.
      line += 1
      column = 1
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")

  private mutating func peek() throws(FileReadError) -> UInt8? {
    if unread.isEmpty { try refill() }
    return unread.first.map { chunk[$0] }
  }

  private mutating func take() {
    guard let first = unread.first else { return }
    let byte = chunk[first]
    unread = unread.dropFirst()
    if byte == 0x0A {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }

  private mutating func refill() throws(FileReadError) {
    unread = 0..<(try source.read(into: &chunk))
    if isAtStart, chunk[unread].starts(with: [0xEF, 0xBB, 0xBF]) { unread = unread.dropFirst(3) }
    isAtStart = false
  }
}

/// Where a file stops being comma-separated values.
public struct CSVError: Error, Hashable, Sendable {
  public var line: Int
  public var column: Int
  public var message: String
  public var hint: String

  public init(line: Int, column: Int, _ message: String, hint: String) {
    self.line = line
    self.column = column
    self.message = message
    self.hint = hint
  }
}
