import CZlib
import Testing

@testable import Codec

@Suite struct CompressedBodyTests {
  /// - Parameter window: as zlib counts them: 31 gzip, 15 with zlib's wrapping, -15 without any.
  private func compressed(_ bytes: [UInt8], window: Int32) throws -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    try #require(deflateInit2_(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    let status = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return deflate(&stream, Z_FINISH)
      }
    }
    try #require(status == Z_STREAM_END)
    return Array(output.prefix(Int(stream.total_out)))
  }

  private func plain(
    _ bytes: [UInt8], _ coding: CompressedBody.Coding, pieces: Int, upTo limit: Int = 1 << 24
  ) throws(CompressedBody.Fault) -> [UInt8] {
    var body = CompressedBody(coding, upTo: limit)
    var (plain, rest): ([UInt8], ArraySlice<UInt8>) = ([], bytes[...])
    while !rest.isEmpty {
      try body.take(rest.prefix(pieces)) { plain += $0 }
      rest = rest.dropFirst(pieces)
    }
    try body.finish()
    return plain
  }

  @Test(arguments: [1, 7, 1000, 1 << 20]) func comesInPieces(pieces: Int) throws {
    var generator = SystemRandomNumberGenerator()
    let text = (0..<200_000).map { _ in UInt8.random(in: 0x61...0x66, using: &generator) }
    for (window, coding) in [(31, .gzip), (15, .deflate), (-15, .deflate)] as [(Int32, CompressedBody.Coding)] {
      let bytes = try compressed(text, window: window)
      #expect(try plain(bytes, coding, pieces: pieces) == text, "window \(window)")
      #expect(throws: CompressedBody.Fault.incomplete) { try plain(bytes.dropLast(3), coding, pieces: pieces) }
      #expect(throws: CompressedBody.Fault.self) { try plain(bytes + [1], coding, pieces: pieces) }
    }
    let (one, two) = (try compressed([1, 2], window: 31), try compressed([3], window: 31))
    #expect(try plain(one + two, .gzip, pieces: pieces) == [1, 2, 3])
  }

  @Test func staysWithinBounds() throws {
    let zeros = try compressed([UInt8](repeating: 0, count: 8 << 20), window: 31)
    #expect(zeros.count < 10_000)
    #expect(throws: CompressedBody.Fault.tooDense) { try plain(zeros, .gzip, pieces: 1 << 16) }
    let text = try compressed([UInt8](repeating: 0, count: 900_000), window: 31)
    #expect(try plain(text, .gzip, pieces: 100).count == 900_000)
    #expect(throws: CompressedBody.Fault.tooLarge) { try plain(text, .gzip, pieces: 100, upTo: 899_999) }
    for damaged in [[], [0x1F], Array("plain text".utf8)] as [[UInt8]] {
      #expect(throws: CompressedBody.Fault.self) { try plain(damaged, .gzip, pieces: 3) }
    }
  }
}
