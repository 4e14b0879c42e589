import AttuneModel
import Codec
import Foundation
import Testing

@Suite struct JSONWriterTests {
  private func written(_ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    body(&json)
    return json.text
  }

  @Test func putsCommasBetweenAndNowhereElse() {
    let text = written { json in
      for number in 1...2 {
        json.object { json in
          json.member("number", number)
          json.member("none", String?.none)
          json.member("empty") { $0.object { _ in } }
          json.member("list") { $0.array([1, 2]) { json, item in json.array([item, item]) { $0.write("\($1)") } } }
          json.member("flag", false)
        }
        json.newline()
      }
    }
    #expect(
      text == """
        {"number":1,"none":null,"empty":{},"list":[["1","1"],["2","2"]],"flag":false}
        {"number":2,"none":null,"empty":{},"list":[["1","1"],["2","2"]],"flag":false}

        """)
  }

  @Test func escapesAsOthersRead() throws {
    let odd = "想要 🎈 \"x\" \\ \n\r\t\u{0}\u{1F}\u{7F} é\u{301} [{"
    let text = written { json in json.array([odd]) { $0.write($1) } }
    let read = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String]
    #expect(read?.first?.unicodeScalars.elementsEqual(odd.unicodeScalars) == true)
    #expect(text.contains(#"\n\r\t\u0000\u001f"#))
  }

  @Test func writesValuesAsOthersReadThem() throws {
    let value = Value.list([
      .string("茶"), .number(9.5), .number(3), .number(1e300), .number(.nan), .number(-.infinity), .bool(true),
      .list([]),
    ])
    #expect(written { $0.write(value) } == #"["茶",9.5,3,1e+300,null,null,true,[]]"#)
  }

  @Test func writesWholeNumbersToTheEnds() {
    for number in [0, 7, -7, 1_700_000_000_123, Int.max, .min] {
      #expect(written { json in json.object { $0.member("n", number) } } == "{\"n\":\(number)}")
      #expect(written { $0.integer(Int64(number)) } == "\(number)")
    }
    #expect(written { json in json.object { $0.member("at", Instant?.none) } } == #"{"at":null}"#)
    #expect(written { json in json.object { $0.member("at", Instant(milliseconds: -1)) } } == #"{"at":-1}"#)
    #expect(
      written { json in json.object { $0.member("big", digits: "18446744073709551616") } }
        == #"{"big":18446744073709551616}"#)
  }
}

@Suite struct CSVWriterTests {
  @Test func quotesOnlyWhereItHasTo() {
    var csv = CSVWriter()
    csv.row(["plain", "with, comma", "with \"quotes\"", "two\nlines", "", " 跑鞋 "])
    #expect(
      String(decoding: csv.bytes, as: UTF8.self)
        == "plain,\"with, comma\",\"with \"\"quotes\"\"\",\"two\nlines\",, 跑鞋 \r\n")
  }
}

@Suite struct PercentDecodingTests {
  @Test(
    arguments: [
      ("", ""), ("u1", "u1"), ("u%2F1", "u/1"), ("%e5%B0%8F", "小"), ("a+b", "a+b"), ("%25", "%"), ("%", nil),
      ("%2", nil),
      ("%2g", nil), ("%ff", nil), ("%C3%28", nil), ("100%", nil),
    ] as [(String, String?)])
  func decodes(text: String, expected: String?) { #expect(text.decodedFromPercent == expected) }
}
