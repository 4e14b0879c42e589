import AttuneModel
import Foundation
import Materials
import Reach
import Runtime
import Store
import StoreSQLite
import TestSupport
import Testing

@Suite struct CopyFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(
    _ text: String, as format: CopyFile.Format = .csv
  ) throws -> (copies: [LibraryCopy], warnings: [String], errors: [String]) {
    let path = folder.path + "/copies"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    var warnings = Diagnostics()
    do {
      let copies = try CopyFile.read(path, as: format, warnings: &warnings)
      return (copies, warnings.warnings.map { shown($0, path) }, [])
    } catch let error as Diagnostics {
      return ([], [], error.errors.map { shown($0, path) })
    }
  }

  private func shown(_ diagnostic: Diagnostic, _ path: String) -> String {
    diagnostic.description.replacingOccurrences(of: path, with: "f")
  }

  /// Line breaks of any kind and tabs, and no other control character; one spelling of `é`.
  @Test func oneRuleForTexts() throws {
    let (copies, _, errors) = try read("id,title,body\r\na,t,\"one\r\ntwo\tthree\"\r\nb,cafe\u{301},b\r\n")
    #expect(errors.isEmpty && copies.first?.body == "one\r\ntwo\tthree")
    #expect(copies.last.map { Array($0.title.utf8) } == Array("caf\u{E9}".utf8))
    for sign in ["\u{7}", "\u{0}", "\u{1B}"] {
      #expect(
        try read("id,title,body\na,t,x\(sign)\n").errors.first?.contains("body: it has a control character") == true)
    }
  }

  @Test func aTable() throws {
    let (copies, warnings, errors) = try read(
      "\u{FEFF}id,title,body,tags,sends,clicks,colour\r\na,跑鞋,\"限时,\n大促\",x;y,100,5,red\r\nb,t,b,,,,\r\n")
    #expect(errors.isEmpty && copies.map(\.id) == ["a", "b"])
    #expect(copies.first?.body == "限时,\n大促" && copies.first?.past?.counts == CopyCounts(sends: 100, clicks: 5))
    #expect(warnings == ["f:1:33: warning: the column 'colour' means nothing here"])
  }

  /// All that is wrong is told at once, and nothing is taken.
  @Test func everyErrorWithItsPlace() throws {
    let (copies, _, errors) = try read(
      "id,title,body\na,t,b\na,t,\"two\nlines\"\nc,{{x,b\nd,t\n e f,t,b\n")
    #expect(copies.isEmpty)
    #expect(
      errors == [
        "f:3:1: error: there are two copies 'a' (hint: the other one is at f:2:1)",
        "f:5:3: error: title: '{{x' is not closed (hint: write {{item.name}} for a value, {{ '{{' }} for the braces)",
        "f:6:1: error: id: the line has 2 fields, the first one has 3 "
          + "(hint: put fields with commas or quotes in quotes, and double the quotes in them)",
        "f:7:1: error: id: 'e f' cannot be an id (hint: letters, digits, '-', '_' and '.', at most 100 bytes)",
      ])
    #expect(
      try read("id,title,body\na,t,\"b\n").errors.first?.hasPrefix("f:2:5: error: the quote is never closed") == true)
    #expect(
      try read("id;title;body\n").errors == [
        "f:1:1: error: there is no column 'id' (hint: separate the columns with commas)"
      ])
    #expect(try read("id,title,body\n").errors == ["f:1:1: error: there are no copies in it"])
    #expect(try read("").errors == ["f:1:1: error: there are no copies in it"])
    let many = try read("id,title,body\n" + String(repeating: "a,,\n", count: 500)).errors
    #expect(many.count == 50)
  }

  @Test func lines() throws {
    let good = #"{"id":"a","title":"t","body":"b"}"#
    #expect(
      try read("\(good)\n\n{\"id\":\"b\",\"title\":\"t\",\"body\":\"b\"}\n", as: .ndjson).copies.map(\.id) == [
        "a", "b",
      ])
    let bad = try read("\(good)\n{\"id\":\"b\",\"title\":\"t\"}\nx\n", as: .ndjson).errors
    #expect(bad.count == 2 && bad.first == "f:2:1: error: /body: 'body' is missing", "\(bad)")
    #expect(CopyFile.Format(of: "a.ndjson.gz") == .ndjson && CopyFile.Format(of: "a.JSONL") == .ndjson)
    #expect(CopyFile.Format(of: "a.csv") == .csv && CopyFile.Format(of: "-") == .csv)
  }

  /// What is not projected yet counts like what is.
  @Test func theJournalTellsTheHistory() throws {
    let store = try SQLiteStore.open(folder.path + "/store", options: .init(synchronous: .off))
    #expect(try store.library(at: Instant(milliseconds: 0)).standings.isEmpty)
    _ = try store.copies.saveCopies(
      [LibraryCopy(id: "m", title: "t", body: "b", past: .init(counts: CopyCounts(sends: 10, clicks: 1)))],
      at: Instant(milliseconds: 0))
    var tally = Tally()
    for business in ["x", "y"] {
      tally.add(Tally.Key(day: 3, stage: .taken, source: .rule("r"), business: business, detail: "m"), 20)
      tally.add(Tally.Key(day: 4, stage: .opened, source: .rule("r"), business: business, detail: "m"), 3)
    }
    func append(_ sequence: Int64) throws {
      let batch = Batch(pace: .live, clock: Instant(milliseconds: 0), inputs: [])
      var (decisions, traces, counts) = (ByteWriter(), ByteWriter(), ByteWriter())
      decisions.writeFormat()
      decisions.write([BatchRecord]())
      traces.writeFormat()
      traces.write([Trace]())
      counts.writeFormat()
      counts.write([tally])
      try store.journal.append(
        Commit(
          JournalBatch(
            sequence: sequence, clock: batch.clock, inputs: batch.encoded(), decisions: decisions.bytes),
          history: HistoryBatch(sequence: sequence, traces: traces.bytes, tally: counts.bytes)))
    }
    try append(1)
    let projected = try store.library(at: Instant(milliseconds: 0))
    #expect(projected["m"]?.history.total == CopyCounts(sends: 40, clicks: 6))
    try Projector(store: store).catchUp()
    #expect(try store.library(at: Instant(milliseconds: 0)).standings == projected.standings)
    try append(2)
    let more = try #require(try store.library(at: Instant(milliseconds: 30 * 86_400_000))["m"])
    #expect(more.total == CopyCounts(sends: 90, clicks: 13) && more.history.lastUsed == 3)
    #expect(more.freshness.state == .rested)
    try store.close()
  }
}
