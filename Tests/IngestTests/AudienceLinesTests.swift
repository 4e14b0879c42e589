import Codec
import Ingest
import Testing

@Suite struct AudienceLinesTests {
  private static func users(_ text: String, pieces: Int = 3) throws(Refusal) -> [String] {
    var lines = AudienceLines()
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      try lines.take(rest.prefix(pieces))
      rest = rest.dropFirst(pieces)
    }
    try lines.finish()
    return lines.takeUsers()
  }

  @Test(arguments: [1, 3, 1000]) func idsComeInPieces(pieces: Int) throws {
    let text = "\u{FEFF}u1\r\n\r\n  用户二 \nu,3\"\n\n  \nlast"
    #expect(try Self.users(text, pieces: pieces) == ["u1", "用户二", "u,3\"", "last"])
  }

  @Test func whatIsNoIdIsTold() {
    for (text, line, reason) in [
      ("u1\nu\u{0}2\n", 2, "control"), (String(repeating: "x", count: 257), 1, "257 bytes"),
      ("a\nb\u{FEFF}\n", 2, "byte order mark"), ("a\n\u{FEFF}b\n", 2, "byte order mark"),
      ("user_id\nu1\n", 1, "head of a column"), (String(repeating: " ", count: 10_000), 1, "4096 bytes"),
      ("a\n\nb\n\tc", 4, "control"), ("a\n\u{FEFF}\u{1}", 2, "control"),
    ] {
      let refusal = #expect(throws: Refusal.self) { try Self.users(text) }
      #expect(refusal?.pointer == "line \(line)" && refusal?.message.contains(reason) == true)
    }
    // A line that does not end is not held until it does.
    var endless = AudienceLines()
    #expect(throws: Refusal.self) { for _ in 0..<5000 { try endless.take("x".utf8) } }
    var lines = AudienceLines()
    #expect(throws: Refusal.self) { try lines.take([0x61, 0x0A, 0xFF, 0xFE, 0x0A]) }
    #expect(lines.takeUsers() == ["a"])
  }
}
