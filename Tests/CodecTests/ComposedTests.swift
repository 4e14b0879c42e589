import Foundation
import Testing

@testable import Codec

/// One spelling of what comes from outside.
@Suite struct ComposedTests {
  private func read(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8]? {
    bytes.withUnsafeBufferPointer { bytes in
      var scanner = JSONScanner(bytes, in: range)
      return (try? scanner.string()).map { Array($0.utf8) }
    }
  }

  @Test(arguments: [
    ("cafe\u{301}", "caf\u{E9}"), ("caf\u{E9}", "caf\u{E9}"), ("A\u{30A}", "\u{C5}"), ("\u{212B}", "\u{C5}"),
    ("a\u{307}\u{323}", "\u{1EA1}\u{307}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"), ("か\u{3099}", "が"),
    ("\u{438}\u{306}", "й"),
    ("\u{F900}", "\u{8C48}"), ("跑鞋 👟 \u{1F468}\u{200D}\u{1F469}", "跑鞋 👟 \u{1F468}\u{200D}\u{1F469}"),
    ("plain", "plain"),
  ])
  func oneSpelling(_ written: String, _ composed: String) {
    #expect(Array(written.composed.utf8) == Array(composed.utf8))
    let bytes = Array("[\"\(written)\"]".utf8)
    #expect(read(bytes, 1..<bytes.count - 1) == Array(composed.utf8))
    let percent = written.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(percent.decodedFromPercent.map { Array($0.utf8) } == Array(composed.utf8))
  }

  @Test func escapesAreComposedToo() {
    let bytes = Array(#""cafe\u0301""#.utf8)
    #expect(read(bytes, 0..<bytes.count) == Array("caf\u{E9}".utf8))
  }

  /// Against Foundation on every character that there is, alone and after a letter: the shortcut leaves none out.
  @Test func theShortcutAgreesWithTheWholeOfUnicode() {
    for value in UInt32(0x80)...0x2FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for text in [String(scalar), "e" + String(scalar)] {
        let expected = text.precomposedStringWithCanonicalMapping
        if !text.composed.utf8.elementsEqual(expected.utf8) { Issue.record("\(String(value, radix: 16))") }
      }
    }
  }
}
