import AttuneModel
import CZlib
import Codec
import Foundation
import TestSupport
import Testing

@Suite struct LineFileTests {
  /// Every line, then the error the file ended with.
  private func lines(of bytes: [UInt8], named name: String = "events.ndjson") throws -> ([String], FileReadError.Code?)
  {
    let folder = try TemporaryFolder()
    try folder.write(bytes, to: name)
    let path = folder.path(name)
    var found: [String] = []
    do throws(FileReadError) {
      var file = try LineFile(path: path)
      while let line = try file.next() {
        switch line.content {
        case .success(let bytes): found.append("\(line.number) \(String(decoding: bytes, as: UTF8.self))")
        case .failure(let refusal): found.append("\(line.number) \(refusal.code)")
        }
        #expect(file.progress.read <= bytes.count && file.progress.total == bytes.count)
      }
      #expect(file.progress.read == bytes.count)
      #expect(try file.next() == nil)
    } catch {
      #expect(error.path == path)
      return (found, error.code)
    }
    return (found, nil)
  }

  private func gzip(_ bytes: [UInt8], level: Int32 = 6) throws -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    try #require(deflateInit2_(&stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
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

  @Test func readsLinesAsTheyAreWritten() throws {
    let text = "\u{FEFF}a\r\n\n \t\r\nb\n\r\nc"
    #expect(try lines(of: Array(text.utf8)) == (["1 a", "4 b", "6 c"], nil))
    #expect(try lines(of: Array("a\nb\n".utf8)) == (["1 a", "2 b"], nil))
    #expect(try lines(of: []) == ([], nil))
    #expect(try lines(of: Array("\n\n".utf8)) == ([], nil))
    #expect(try lines(of: Array(" a \u{FEFF}".utf8)) == (["1  a \u{FEFF}"], nil))
  }

  @Test func readsWhatZlibWrote() throws {
    var random = SeededGenerator(seed: 5)
    for round in 0..<12 {
      // Lines around the size of the buffers, and random text that does not shrink.
      let written = (0..<Int.random(in: 0..<200, using: &random)).map { _ in
        let length = Bool.random(using: &random) ? 20 : 3000
        return String(decoding: (0..<length).map { _ in UInt8.random(in: 33...126, using: &random) }, as: UTF8.self)
      }
      let text = Array(written.map { $0 + "\n" }.joined().utf8)
      let expected = written.enumerated().map { "\($0.offset + 1) \($0.element)" }
      let middle = Int.random(in: 0...text.count, using: &random)
      let members = try gzip(Array(text[..<middle])) + gzip([]) + gzip(Array(text[middle...]), level: 1)
      #expect(try lines(of: text) == (expected, nil), "round \(round)")
      #expect(try lines(of: gzip(text), named: "events.ndjson.gz") == (expected, nil), "round \(round)")
      #expect(try lines(of: members, named: "events.gz") == (expected, nil), "round \(round)")
      #expect(try lines(of: members) == (expected, nil), "round \(round)")
    }
  }

  @Test func unpacksFarMoreThanItReads() throws {
    let line = String(repeating: "a", count: 99_999)
    let text = Array(String(repeating: line + "\n", count: 30).utf8)
    let packed = try gzip(text, level: 9)
    #expect(packed.count < 65_536)
    let (found, error) = try lines(of: packed)
    #expect(found.count == 30 && found.last == "30 \(line)" && error == nil)
  }

  @Test func tellsOfATruncatedFileAfterItsWholeLines() throws {
    let text = (0..<2000).map { "line \($0 &* 7919) of the file\n" }.joined()
    let whole = try gzip(Array(text.utf8))
    let all = try lines(of: whole).0
    for length in [2, 5, 10, 11, 500, whole.count / 2, whole.count - 9, whole.count - 8, whole.count - 1] {
      let (found, error) = try lines(of: Array(whole.prefix(length)), named: "a.gz")
      #expect(error == .truncated, "\(length) bytes")
      #expect(found.elementsEqual(all.prefix(found.count)), "\(length) bytes")
    }
    #expect(try lines(of: whole + whole.prefix(7)).1 == .truncated)
  }

  @Test func tellsOfADamagedFile() throws {
    let text = (0..<2000).map { "line \($0 &* 7919) of the file\n" }.joined()
    let whole = try gzip(Array(text.utf8))
    var random = SeededGenerator(seed: 11)
    for place in [2] + (0..<40).map({ _ in Int.random(in: 10..<whole.count, using: &random) }) {
      var damaged = whole
      damaged[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
      let error = try lines(of: damaged, named: "a.gz").1
      #expect(error == .corrupt || error == .truncated, "byte \(place)")
    }
    #expect(try lines(of: whole + Array("garbage".utf8)).1 == .corrupt)
  }

  @Test func tellsWhatCannotBeOpened() throws {
    #expect(try lines(of: Array("{}\n".utf8), named: "a.gz").1 == .notGzip)
    #expect(try lines(of: [], named: "a.gz").1 == .notGzip)
    let folder = FileManager.default.temporaryDirectory.path
    for (path, code) in [(folder + "/no such file", .notFound), (folder, .unreadable), ("", .notFound)]
      as [(String, FileReadError.Code)]
    {
      do throws(FileReadError) {
        _ = try LineFile(path: path)
        Issue.record("opened \(path)")
      } catch { #expect(error.code == code, "\(error)") }
    }
  }

  @Test func passesOverALineThatIsTooLong() throws {
    func line(_ length: Int) -> [UInt8] { [UInt8](repeating: 0x61, count: length) }
    let limit = LineFile.lineLimit
    for end in [[0x0A], [0x0D, 0x0A]] as [[UInt8]] {
      let bytes = line(limit) + end + line(limit + 1) + end + line(3) + end + line(3 * limit)
      let (found, error) = try lines(of: bytes)
      #expect(found.map { $0.prefix(9) } == ["1 aaaaaaa", "2 tooLong", "3 aaa", "4 tooLong"] && error == nil)
      #expect(found.first?.utf8.count == limit + 2)
    }
  }
}
