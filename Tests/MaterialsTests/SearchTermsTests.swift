import Materials
import Testing

@Suite struct SearchTermsTests {
  @Test(arguments: [
    ("Free shipping, today only!", ["free", "shipping", "today", "only"]),
    ("跑鞋大促", ["跑鞋", "鞋大", "大促", "促"]), ("鞋", ["鞋"]), ("iPhone15新款上市", ["iphone15", "新款", "款上", "上市", "市"]),
    ("50% OFF — Nike跑鞋", ["50", "off", "nike", "跑鞋", "鞋"]), ("don't / don’t", ["dont", "dont"]),
    ("ＡＢＣ１２", ["abc12"]), ("今天🎁送", ["今天", "天", "u1f381", "送"]), ("カメラ", ["カメ", "メラ", "ラ"]),
    ("Über Café", ["über", "café"]), ("", []), (" \"*() ^-:~ ", []),
  ])
  func indexed(text: String, terms: [String]) { #expect(SearchTerms(text).indexed == terms) }

  @Test func wanted() {
    func wanted(_ text: String) -> [String] {
      SearchTerms(text).wanted.map { $0.terms.joined(separator: "+") + ($0.isBeginning ? "*" : "") }
    }
    #expect(wanted("run 跑鞋大") == ["run*", "跑鞋+鞋大"])
    #expect(wanted("鞋") == ["鞋*"])
    #expect(wanted("AND OR NOT NEAR(a b)") == ["and*", "or*", "not*", "near*", "a*", "b*"])
  }
}
