/// Reads one HTTP/1.1 answer at a time from the pieces in which it comes: no more of it than a benchmark must know.
struct ResponseReader {
  struct Response: Equatable {
    var status: Int
    /// Verdicts in its body.
    var passed: Int
    var refused: Int
    /// The body, where the status is not 200.
    var problem: String?
  }

  struct Malformed: Error, Equatable, CustomStringConvertible {
    var description: String
  }

  private var bytes: [UInt8] = []
  /// Of head and body, once the head is whole.
  private var whole: (head: Int, end: Int, status: Int)?

  /// - Returns: nil as long as more must come.
  /// - Throws: when it is no answer of known length, or more than one.
  mutating func read(_ piece: UnsafeRawBufferPointer) throws(Malformed) -> Response? {
    bytes.append(contentsOf: piece)
    if whole == nil { whole = try head() }
    guard let (head, end, status) = whole, bytes.count >= end else { return nil }
    guard bytes.count == end else { throw Malformed(description: "more came than one answer") }
    let counts = Self.verdicts(bytes[head..<end])
    let problem = status == 200 ? nil : String(decoding: bytes[head..<end], as: UTF8.self)
    bytes.removeAll(keepingCapacity: true)
    whole = nil
    return Response(status: status, passed: counts.passed, refused: counts.refused, problem: problem)
  }

  private func head() throws(Malformed) -> (head: Int, end: Int, status: Int)? {
    guard let end = Self.find("\r\n\r\n", in: bytes[...]) else {
      guard bytes.count < 1 << 16 else { throw Malformed(description: "the head of an answer has no end") }
      return nil
    }
    guard bytes.starts(with: "HTTP/1.1 ".utf8), end >= 12, let status = Self.number(bytes[9..<12]) else {
      throw Malformed(description: "this is no HTTP/1.1")
    }
    var line = 0
    while let next = Self.find("\r\n", in: bytes[line..<end + 2]), next < end {
      line = next + 2
      if let length = try Self.contentLength(bytes[line..<end + 2]) {
        return (end + 4, end + 4 + length, status)
      }
    }
    throw Malformed(description: "an answer does not tell its length")
  }

  /// Of the header line at the start, if it is the one.
  private static func contentLength(_ lines: ArraySlice<UInt8>) throws(Malformed) -> Int? {
    let name = "content-length:".utf8
    guard lines.count > name.count, zip(lines, name).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else { return nil }
    let digits = lines.dropFirst(name.count).drop { $0 == 32 }.prefix { $0 != 13 && $0 != 32 }
    guard let length = number(digits), length <= 1 << 28 else {
      throw Malformed(description: "an answer's length is no number")
    }
    return length
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 10, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 48) }
  }

  private static func verdicts(_ body: ArraySlice<UInt8>) -> (passed: Int, refused: Int) {
    var passed = 0
    var refused = 0
    var rest = body
    while let at = find("\"pass\":", in: rest), at + 7 < rest.endIndex {
      if rest[at + 7] == UInt8(ascii: "t") { passed += 1 } else { refused += 1 }
      rest = rest[(at + 7)...]
    }
    return (passed, refused)
  }

  private static func find(_ text: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
    let length = text.utf8CodeUnitCount
    let offset: Int? = bytes.withUnsafeBufferPointer { bytes in
      var at = 0
      while at + length <= bytes.count {
        if bytes[at] == text.utf8Start[0], (1..<length).allSatisfy({ bytes[at + $0] == text.utf8Start[$0] }) {
          return at
        }
        at += 1
      }
      return nil
    }
    return offset.map { bytes.startIndex + $0 }
  }
}
