import AttuneModel
import Foundation
import Testing

@testable import Codec

@Suite struct JSONScannerTests {
  private func refusal(_ text: String) -> Refusal? {
    do throws(Refusal) {
      _ = try JSONTree(scanning: Array(text.utf8))
      return nil
    } catch { return error }
  }

  @Test func agreesWithFoundationOnRandomDocuments() throws {
    for seed in UInt64(1)...400 {
      var json = RandomJSON(seed: seed)
      json.value()
      let text = String(decoding: json.bytes, as: UTF8.self)
      #expect(try JSONTree(scanning: json.bytes) == JSONTree.byFoundation(json.bytes), "seed \(seed): \(text)")
    }
  }

  /// Both accept, with equal values, or both refuse.
  @Test func agreesWithFoundationOnDamagedDocuments() {
    var refused = 0
    for seed in UInt64(1)...2500 {
      var json = RandomJSON(seed: seed)
      json.value(depth: 2)
      var bytes = json.bytes
      for _ in 0..<Int.random(in: 1...2, using: &json.random) { bytes = bytes.damaged(by: &json.random) }
      // Foundation also reads UTF-16 and UTF-32, told by their zero bytes; the door takes UTF-8 only.
      if bytes.contains(0) { continue }
      let ours = try? JSONTree(scanning: bytes)
      let theirs = JSONTree.byFoundation(bytes)
      // Foundation refuses a number too small for a double; for the door it is zero, its nearest double.
      if let ours, theirs == nil, ours.hasZero { continue }
      #expect(ours == theirs, "seed \(seed): \(String(decoding: bytes, as: UTF8.self)) \(bytes)")
      if ours == nil { refused += 1 }
    }
    #expect(refused > 500)
  }

  @Test func skippingAcceptsWhatReadingAccepts() {
    func isTooLarge(_ bytes: [UInt8]) -> Bool {
      do throws(Refusal) {
        _ = try JSONTree(scanning: bytes)
        return false
      } catch { return error.code == .invalid }
    }
    for seed in UInt64(1)...1500 {
      var json = RandomJSON(seed: seed)
      json.value(depth: 3)
      let bytes = seed % 2 == 0 ? json.bytes : json.bytes.damaged(by: &json.random)
      // A number beyond any double is JSON all the same.
      if isTooLarge(bytes) { continue }
      let skipped = bytes.withUnsafeBufferPointer { buffer in
        do throws(Refusal) {
          var scanner = JSONScanner(buffer)
          try scanner.skip()
          try scanner.finish()
          return true
        } catch { return false }
      }
      #expect(skipped == ((try? JSONTree(scanning: bytes)) != nil), "seed \(seed)")
    }
  }

  @Test func roundsNumbersAsTheStandardLibraryDoes() throws {
    for seed in UInt64(1)...1500 {
      var json = RandomJSON(seed: seed)
      json.number()
      let text = String(decoding: json.bytes, as: UTF8.self)
      let expected = try #require(Double(text))
      if case .number(let number)? = try? JSONTree(scanning: json.bytes) {
        #expect(number.bitPattern == expected.bitPattern, "seed \(seed): \(text)")
      } else {
        #expect(expected.isInfinite, "seed \(seed): \(text)")
      }
    }
    #expect(try JSONTree(scanning: Array("-0".utf8)) == .number(-0.0))
    #expect(refusal("1e400")?.code == .invalid)
    #expect(try JSONTree(scanning: Array("1e-400".utf8)) == .number(0))
    #expect(try JSONTree(scanning: Array("0.00000000000000000000000012e26".utf8)) == .number(12))
    #expect(refusal("-1e99999999999999999999")?.code == .invalid)
    #expect(try JSONTree(scanning: Array("0e99999999999999999999".utf8)) == .number(0))
  }

  @Test(arguments: [
    ("", 0), ("   ", 3), ("01", 0), ("-", 1), ("1.", 2), (".5", 0), ("1e", 2), ("1e+", 3), ("+1", 0), ("0x1", 1),
    ("nul", 0), ("tru ", 0), ("NaN", 0), ("[1,]", 3), ("[1 2]", 3), ("[1", 2), ("{\"a\":1,}", 7), ("{\"a\" 1}", 5),
    ("{a:1}", 1), ("{\"a\":}", 5), ("{1:1}", 1), ("{\"a\":1", 6), ("\"a", 2), ("\"a\u{1}\"", 2), ("\"\\x\"", 1),
    ("\"\\u12G4\"", 5), ("\"\\uD800\"", 1), ("\"\\uD800\\u0041\"", 1), ("\"\\uDC00\"", 1), ("1 2", 2), ("{}}", 2),
    ("'a'", 0), ("[/* */]", 1), ("\u{FEFF}1", 0),
  ])
  func tellsWhereJSONEnds(text: String, offset: Int) throws {
    let refusal = try #require(self.refusal(text))
    #expect(refusal.code == .malformed)
    #expect(refusal.offset == offset, "\(text): \(refusal)")
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE5, 0x95], [0xF0, 0x9F, 0x91], [0xC3, 0x28],
      [0xFF],
    ] as [[UInt8]])
  func refusesWhatIsNotUTF8(bytes: [UInt8]) {
    for tail in [[0x22], []] as [[UInt8]] {
      #expect(throws: Refusal.self) { try JSONTree(scanning: [0x22, 0x61] + bytes + tail) }
    }
    #expect(String(validating: bytes, as: UTF8.self) == nil)
  }

  @Test func takesEveryCharacter() throws {
    for scalar in stride(from: UInt32(0x20), to: 0x11_0000, by: 37).compactMap(Unicode.Scalar.init) {
      if scalar == "\"" || scalar == "\\" { continue }
      let text = String(Character(scalar))
      #expect(try JSONTree(scanning: Array("\"\(text)\"".utf8)) == .string(text), "U+\(scalar.value)")
    }
  }

  @Test func nestsToALimit() throws {
    func nested(_ depth: Int) -> [UInt8] {
      [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth)
    }
    for (depth, code) in [(128, nil), (129, .tooDeep), (200_000, .tooDeep)] as [(Int, Refusal.Code?)] {
      let found: Refusal.Code? = nested(depth).withUnsafeBufferPointer { buffer in
        var scanner = JSONScanner(buffer)
        do throws(Refusal) {
          try scanner.skip()
          return nil
        } catch { return error.code }
      }
      #expect(found == code)
    }
  }

  @Test func neverTrapsOnAnyBytes() {
    var random = SeededGenerator(seed: 7)
    let alphabet = Array("{}[]\":,\\u0dD8eE+-.1tfn \n\u{0}é".utf8)
    for _ in 0..<4000 {
      let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
        Bool.random(using: &random) ? alphabet.randomElement(using: &random) ?? 0 : .random(in: 0...255, using: &random)
      }
      _ = try? JSONTree(scanning: bytes)
      _ = Instant(rfc3339: String(decoding: bytes, as: UTF8.self))
    }
  }
}
