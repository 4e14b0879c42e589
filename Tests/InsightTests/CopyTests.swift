import AttuneModel
import Codec
import Insight
import Materials
import Testing

@Suite struct CopyTests {
  private func library() throws -> CopyLibrary {
    var history = CopyHistory()
    history.add(CopyCounts(sends: 1000, deliveries: 990, clicks: 40, conversions: 7, optOuts: 2), on: 900)
    history.add(CopyCounts(sends: 1000, clicks: 10), on: 995)
    let copies = [
      try LibraryCopy(
        id: "a", title: "跑鞋大促\n第二行很长很长很长很长很长很长很长很长很长", body: "say \"hi\", {{user}}", tags: ["y", "x"], scene: "feed",
        language: "zh",
        created: Instant(milliseconds: 5),
        past: LibraryCopy.Past(counts: CopyCounts(sends: 10, clicks: 1), lastUsed: Instant(milliseconds: 7))),
      try LibraryCopy(id: "b", title: "t", body: "跑鞋"),
    ]
    return CopyLibrary(copies, histories: ["a": history], today: 1000)
  }

  @Test func json() throws {
    let standing = try #require(try library()["a"])
    var text = JSONWriter()
    text.object { json in
      json.members(of: standing)
      json.days(of: standing.history)
    }
    let json = text.text
    #expect(json.hasPrefix(#"{"id":"a","title":"跑鞋大促\n"#), "\(json)")
    #expect(
      json.contains(
        #""created":5,"past":{"sends":10,"deliveries":0,"clicks":1,"conversions":0,"optOuts":0,"lastUsed":7}"#),
      "\(json)")
    #expect(json.contains(#""counts":{"sends":2010,"deliveries":990,"clicks":51,"conversions":7,"optOuts":2}"#))
    #expect(
      json.contains(#""freshness":{"state":"worn out","ratio":0.25"#) && json.contains(#""lastUsed":"1972-09-22""#),
      "\(json)")
    #expect(json.contains(#""days":[{"day":"1972-06-19","sends":1000"#), "\(json)")
  }

  @Test func table() throws {
    let library = try library()
    let lines = CopyTable(library.standings).text.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[2].contains("2,010") && lines[2].contains("worn out") && lines[2].hasSuffix("…"), "\(lines)")
    #expect(lines[3].contains("new"))
    let alike = CopyTable(library.similar(to: try #require(library["b"]?.copy))).text
    #expect(alike.split(separator: "\n").count == 3 && alike.contains("alike"))
    let a = try #require(library["a"])
    let details = CopyTable.details(of: a, prior: library.prior(for: a.copy))
    #expect(
      details.contains("worn out: of late 26% of its earlier click rate")
        && details.contains("converted: 7\n") && details.contains("last sent on 1972-09-22"), "\(details)")
  }

  @Test func csv() throws {
    var text = CSVWriter()
    text.row(CSVWriter.copyColumns)
    for standing in try library().standings { text.row(standing.copy) }
    #expect(
      String(decoding: text.bytes, as: UTF8.self) == """
        id,title,body,tags,scene,language,created,sends,deliveries,clicks,conversions,optOuts,lastUsed\r
        a,"跑鞋大促\n第二行很长很长很长很长很长很长很长很长很长","say ""hi"", {{user}}",x;y,feed,zh,5,10,0,1,0,0,7\r
        b,t,跑鞋,,,,,,,,,,\r\n
        """)
  }
}
