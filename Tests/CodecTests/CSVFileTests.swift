import AttuneModel
import Codec
import Foundation
import TestSupport
import Testing

@Suite struct CSVFileTests {
  private func read(_ bytes: [UInt8]) throws -> [[CSVFile.Field]] {
    let folder = try TemporaryFolder()
    try folder.write(bytes, to: "table.csv")
    var file = try CSVFile(path: folder.path("table.csv"))
    var records: [[CSVFile.Field]] = []
    while let record = try file.next() { records.append(record) }
    return records
  }

  private func texts(_ text: String) throws -> [[String]] { try read(Array(text.utf8)).map { $0.map(\.text) } }

  @Test(arguments: [
    ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
    ("a\rb\r", [["a"], ["b"]]), ("\u{FEFF}\"a\",b", [["a", "b"]]), ("", []), ("\r\n\n", []),
    ("\"a,b\",\"say \"\"hi\"\"\"\n\"two\r\nlines\",x", [["a,b", "say \"hi\""], ["two\r\nlines", "x"]]),
    ("a,,\n,", [["a", "", ""], ["", ""]]), ("\"\"\n\nx", [[""], ["x"]]), ("跑鞋, 大促 ", [["跑鞋", " 大促 "]]),
  ])
  func records(text: String, expected: [[String]]) throws { #expect(try texts(text) == expected) }

  @Test func places() throws {
    let records = try read(Array("跑鞋,b\n\n\"x\ny\",\"z\"\nlast".utf8))
    #expect(records.map { $0.map(\.line) } == [[1, 1], [3, 4], [5]])
    #expect(records.map { $0.map(\.column) } == [[1, 4], [1, 4], [1]])
  }

  @Test(arguments: [
    ("a\nb\"c", 2, 2, "a quote inside"), ("a\n\"b\"c", 2, 4, "something follows"),
    ("a\n\n\"b\nc,d\n", 3, 1, "never closed"),
    ("a,\"\"\"", 1, 3, "never closed"),
  ])
  func errors(text: String, line: Int, column: Int, message: String) {
    let error = #expect(throws: CSVError.self) { try texts(text) }
    #expect(
      error?.line == line && error?.column == column && error?.message.contains(message) == true, "\(error as Any)")
  }

  @Test func otherEncodings() {
    let error = #expect(throws: CSVError.self) { try read([0x61, 0x0A, 0x62, 0x2C, 0xC5, 0xDC, 0x0A]) }
    #expect(error?.line == 2 && error?.column == 3 && error?.hint.contains("UTF-8") == true)
  }

  @Test func nothingGrowsWithoutBounds() {
    #expect(throws: CSVError.self) { try texts("\"" + String(repeating: "x\n", count: 140_000)) }
    #expect(throws: CSVError.self) { try texts(String(repeating: "x", count: 280_000)) }
    #expect(throws: CSVError.self) { try texts(String(repeating: ",", count: 1001)) }
  }

  /// What any writer writes is read as it was.
  @Test(arguments: [1, 2, 3] as [UInt64]) func whatIsQuotedComesBack(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let pieces = ["a", "\"", ",", "\n", "\r\n", "跑", " ", "🎁"]
    let table = (0..<200).map { _ in
      (0..<3).map { _ in
        (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      }
    }
    let text = table.map { row in
      row.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\r\n"
    }.joined()
    #expect(try texts(text) == table, "seed \(seed)")
  }

  /// Any bytes at all: an answer or an error, and no trap.
  @Test func fuzz() throws {
    var random = SeededGenerator(seed: 9)
    let bytes: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0x61, 0xEF, 0xBB, 0xBF, 0xE8]
    for _ in 0..<500 {
      let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in bytes.randomElement(using: &random) ?? 0 }
      do { _ = try read(text) } catch { #expect(error is CSVError, "seed 9: \(text)") }
    }
  }
}
