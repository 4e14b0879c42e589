import AttuneModel
import Materials
import Testing

@Suite struct LibraryCopyTests {
  private func error(_ body: () throws -> Void) -> CopyError? {
    do {
      try body()
      return nil
    } catch { return error as? CopyError }
  }

  @Test func sound() throws {
    let copy = try LibraryCopy(
      id: "spring-1", title: "{{user | \"你好\"}}，春天来了", body: "新款跑鞋 {{item.name | \"\"}} 到了",
      tags: ["sale", "a b", "sale"],
      scene: "feed", language: "zh-CN")
    #expect(copy.tags == ["a b", "sale"])
    #expect(copy.created == nil && copy.past == nil)
  }

  @Test func everyPartIsChecked() {
    let parts: [(CopyError.Part, () throws -> LibraryCopy)] = [
      (.id, { try LibraryCopy(id: "a b", title: "t", body: "b") }),
      (.id, { try LibraryCopy(id: "", title: "t", body: "b") }),
      (.title, { try LibraryCopy(id: "a", title: "{{user", body: "b") }),
      (.title, { try LibraryCopy(id: "a", title: String(repeating: "x", count: 201), body: "b") }),
      (.body, { try LibraryCopy(id: "a", title: "t", body: " ") }),
      (.tags, { try LibraryCopy(id: "a", title: "t", body: "b", tags: ["x;y"]) }),
      (.tags, { try LibraryCopy(id: "a", title: "t", body: "b", tags: (0..<21).map { "\($0)" }) }),
      (.scene, { try LibraryCopy(id: "a", title: "t", body: "b", scene: "a\u{1}") }),
      (.language, { try LibraryCopy(id: "a", title: "t", body: "b", language: "中文") }),
      (.language, { try LibraryCopy(id: "a", title: "t", body: "b", language: "") }),
      (.clicks, { try self.copy(CopyCounts(sends: 3, clicks: 4)) }),
      (.conversions, { try self.copy(CopyCounts(sends: 3, conversions: 4)) }),
      (.optOuts, { try self.copy(CopyCounts(sends: 3, optOuts: 4)) }),
      (.sends, { try self.copy(CopyCounts(sends: -3)) }),
    ]
    for (part, make) in parts { #expect(error { _ = try make() }?.part == part) }
  }

  private func copy(_ counts: CopyCounts) throws -> LibraryCopy {
    try LibraryCopy(id: "a", title: "t", body: "b", past: LibraryCopy.Past(counts: counts))
  }

  @Test func anUpdateKeepsWhatItDoesNotTell() throws {
    let now = Instant(milliseconds: 7)
    let old = try copy(CopyCounts(sends: 9, clicks: 1)).replacing(nil, at: now)
    #expect(old.created == now)
    let new = try LibraryCopy(id: "a", title: "new", body: "b").replacing(old, at: Instant(milliseconds: 8))
    #expect(new.title == "new" && new.created == now && new.past == old.past)
    let told = try copy(CopyCounts(sends: 10)).replacing(old, at: now)
    #expect(told.past?.counts == CopyCounts(sends: 10))
  }

  @Test func historyOfATally() {
    var tally = Tally()
    func add(_ day: Int64, _ stage: Tally.Stage, _ material: String, _ count: Int, _ business: String = "x") {
      tally.add(Tally.Key(day: day, stage: stage, source: .rule("r"), business: business, detail: material), count)
    }
    add(5, .taken, "a", 10)
    add(5, .taken, "a", 3, "y")
    add(3, .taken, "a", 2)
    add(5, .delivered, "a", 9)
    add(6, .opened, "a", 4)
    add(6, .converted, "a", 2)
    add(6, .unsubscribed, "a", 1)
    add(6, .failed, "a", 1)
    add(6, .taken, "b", .max)
    add(7, .taken, "b", .max)
    add(6, .refused, "consent", 5)
    let histories = CopyHistory.histories(in: tally)
    #expect(histories.keys.sorted() == ["a", "b"])
    #expect(histories["a"]?.days.map(\.day) == [3, 5, 6])
    #expect(histories["a"]?.total == CopyCounts(sends: 15, deliveries: 9, clicks: 4, conversions: 2, optOuts: 1))
    #expect(histories["a"]?.lastUsed == 5)
    #expect(histories["b"]?.total.sends == .max)
  }
}
