import Testing

@testable import attune_bench

@Suite struct ResponseReaderTests {
  private static func text(_ status: String, _ headers: String, _ body: String) -> String {
    "HTTP/1.1 \(status)\r\n\(headers)\r\n\r\n\(body)"
  }

  private static let verdicts = text(
    "200 OK", "Content-Type: application/json\r\nContent-Length: 55\r\nServer: x",
    #"[{"pass":true,"n":1},{"pass":false},{"n":2,"pass":true}]"#.dropLast(1) + "")

  /// All at once, byte by byte, and cut in two at every place.
  @Test func inPiecesOfAnySize() throws {
    let bytes = Array(Self.verdicts.utf8)
    let expected = ResponseReader.Response(status: 200, passed: 2, refused: 1, problem: nil)
    for cut in 0...bytes.count {
      var reader = ResponseReader()
      // The same reader goes on to the next answer.
      for _ in 0..<2 {
        let first = try read(bytes[..<cut], &reader)
        #expect(cut == bytes.count ? first == expected : first == nil, "cut at \(cut)")
        if cut < bytes.count { #expect(try read(bytes[cut...], &reader) == expected, "cut at \(cut)") }
      }
    }
    var reader = ResponseReader()
    for byte in bytes.dropLast() { #expect(try read([byte], &reader) == nil) }
    #expect(try read([bytes[bytes.count - 1]], &reader) == expected)
  }

  @Test func withoutABody() throws {
    var reader = ResponseReader()
    let response = try read(Self.text("200 OK", "content-length:0", "").utf8, &reader)
    #expect(response == ResponseReader.Response(status: 200, passed: 0, refused: 0, problem: nil))
  }

  @Test func otherStatusesBringTheirBody() throws {
    var reader = ResponseReader()
    let response = try read(Self.text("503 Unavailable", "CONTENT-LENGTH: 4", "busy").utf8, &reader)
    #expect(response == ResponseReader.Response(status: 503, passed: 0, refused: 0, problem: "busy"))
  }

  @Test(arguments: [
    ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "this is no HTTP/1.1"),
    ("HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n", "this is no HTTP/1.1"),
    ("HTTP/1.1\r\n\r\n", "this is no HTTP/1.1"),
    ("HTTP/1.1 200 OK\r\n\r\n", "an answer does not tell its length"),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "an answer does not tell its length"),
    ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "an answer's length is no number"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "an answer's length is no number"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", "more came than one answer"),
    (String(repeating: "x", count: 1 << 16), "the head of an answer has no end"),
  ]) func whatIsNoAnswer(text: String, why: String) {
    var reader = ResponseReader()
    #expect(throws: ResponseReader.Malformed(description: why)) { _ = try read(text.utf8, &reader) }
  }

  private func read(
    _ bytes: some Sequence<UInt8>, _ reader: inout ResponseReader
  ) throws -> ResponseReader.Response? {
    try Array(bytes).withUnsafeBytes { piece throws(ResponseReader.Malformed) in try reader.read(piece) }
  }
}
