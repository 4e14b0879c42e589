import AttuneModel
import Materials
import Store
import StoreSQLite
import Testing

@Suite struct CopyTests {
  private let folder = StoreFolder()

  private func copy(
    _ id: String, _ title: String = "t", _ body: String = "b", tags: [String] = [], past: CopyCounts? = nil
  ) throws -> LibraryCopy {
    try LibraryCopy(
      id: id, title: title, body: body, tags: tags, scene: "feed", language: "zh-CN",
      past: past.map { LibraryCopy.Past(counts: $0, lastUsed: at(9)) })
  }

  @Test func aStoreMadeBeforeThereWasALibrary() throws {
    try folder.makePrevious()
    try folder.change("DROP TABLE copy; DROP TABLE copy_terms")
    let reader = try SQLiteStore.read(folder.path)
    #expect(try reader.copies.copies().isEmpty && reader.copies.searchCopies(SearchTerms("a"), limit: 1).isEmpty)
    #expect(try folder.reopen().copies.saveCopies([copy("a")], at: at(1)) == .init(added: 1))
    #expect(
      code { _ = try SQLiteStore.read(folder.path).copies.saveCopies([copy("a", "new")], at: at(1)) } == .readOnly)
  }

  @Test func aStoreMadeBeforeConversionsWereCounted() throws {
    try folder.makePrevious()
    try folder.change(
      """
      INSERT INTO copy (id, title, body, tags, scene, language, created, sends, deliveries, clicks, opt_outs, last_used)
      VALUES ('a', 't', 'b', '', 'feed', 'zh-CN', 1000, 9, 0, 2, 3, 9000);
      ALTER TABLE copy DROP COLUMN conversions
      """)
    let copies = [try copy("a", past: CopyCounts(sends: 9, clicks: 2, conversions: 1, optOuts: 3))]
    let kept = CopyCounts(sends: 9, clicks: 2, optOuts: 3)
    #expect(try SQLiteStore.read(folder.path).copies.copies().first?.past?.counts == kept)
    let again = try folder.reopen()
    #expect(try again.copies.copies().first?.past?.counts == kept)
    #expect(try again.copies.saveCopies(copies, at: at(2)) == .init(changed: 1))
    #expect(try again.copies.copies().first?.past == copies[0].past)
  }
}
