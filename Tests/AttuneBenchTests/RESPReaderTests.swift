import Testing

@testable import attune_bench

@Suite struct RESPReaderTests {
  private static let text =
    "+OK\r\n:-42\r\n$5\r\na\r\nbc\r\n$-1\r\n*3\r\n:1\r\n*2\r\n$0\r\n\r\n+x\r\n$-1\r\n*0\r\n-ERR no\r\n"
  private static let values: [RESPValue] = [
    .simple("OK"), .integer(-42), .bulk(Array("a\r\nbc".utf8)), .null,
    .array([.integer(1), .array([.bulk([]), .simple("x")]), .null]), .array([]), .error("ERR no"),
  ]

  @Test(arguments: [1, 2, 3, 7, 1000]) func inPiecesOfAnySize(size: Int) throws {
    let bytes = Array(Self.text.utf8)
    var reader = RESPReader()
    var read: [RESPValue] = []
    for range in (0..<bytes.count).batches(of: size) {
      bytes[range].withUnsafeBytes { reader.append($0) }
      while let value = try reader.next() { read.append(value) }
    }
    #expect(read == Self.values)
  }

  /// Long enough that what was read is dropped on the way.
  @Test func muchInARow() throws {
    let bytes = Array(Self.text.utf8)
    var reader = RESPReader()
    for round in 0..<5000 {
      bytes.withUnsafeBytes { reader.append($0) }
      // One stays unread from time to time.
      for expected in Self.values.dropLast(round % 7 == 0 ? 1 : 0) { #expect(try reader.next() == expected) }
      if round % 7 == 0 { #expect(try reader.next() == Self.values.last) }
    }
    #expect(try reader.next() == nil)
  }

  @Test(arguments: [
    "hello\r\n", ":1x\r\n", ":\r\n", ":-\r\n", "$-2\r\n", "$3\r\nabcd\r\n", "*-7\r\n", ":99999999999999999999\r\n",
    String(repeating: "*1\r\n", count: 20),
  ]) func whatNoServerWrites(text: String) {
    var reader = RESPReader()
    Array(text.utf8).withUnsafeBytes { reader.append($0) }
    #expect(throws: RESPReader.Malformed.self) { try reader.next() }
  }

  @Test func commandsAsTheyAreSent() {
    var commands = RedisCommands()
    commands.append(["GET", "ключ"])
    #expect(commands.bytes == Array("*2\r\n$3\r\nGET\r\n$8\r\nключ\r\n".utf8))
  }
}
