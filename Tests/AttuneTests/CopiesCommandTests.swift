import Foundation
import TestSupport
import Testing

/// `attune copies`, from a table to what is told of it.
@Suite(.serialized) struct CopiesCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder([
      "copies.csv": #"""
      \#u{FEFF}id,title,body,tags,scene,language,sends,clicks,optOuts\#r
      run,新款跑鞋,"限时大促，
      只到今晚",sale;shoes,feed,zh-CN,5000,200,3\#r
      run2,跑鞋返场,限时,sale,,zh,4000,120,\#r
      mail,"Free ""shipping""",on all shoes,,,en,,,\#r
      """#
    ])
  }

  private func copies(_ arguments: String...) async throws -> Program.Outcome {
    try await Program(["copies"] + arguments + ["--store", folder.path("store")]).ended()
  }

  private struct List: Decodable {
    struct Copy: Decodable {
      struct Rate: Decodable {
        var mean: Double
        var low: Double
        var high: Double
      }
      var id: String
      var title: String
      var clickRate: Rate
      var similarity: Double?
    }
    var copies: [Copy]
  }

  @Test func importListSearchShowLike() async throws {
    let taken = try await copies("import", folder.path("copies.csv"))
    #expect(taken.code == 0 && taken.output.hasPrefix("3 copies added, 0 changed, 0 as they were"), "\(taken)")
    let again = try await copies("import", folder.path("copies.csv"), "--json")
    #expect(again.output == "{\"added\":0,\"changed\":0,\"unchanged\":3}\n", "\(again)")
    let list: List = try await copies("list", "--json").decoded()
    #expect(list.copies.map(\.id) == ["mail", "run", "run2"])
    let run = try #require(list.copies.first { $0.id == "run" }?.clickRate)
    #expect(run.low < 0.04 && 0.04 < run.high && run.low < run.mean && run.mean < run.high)
    let table = try await copies("list", "--tag", "sale")
    #expect(
      table.output.contains("5,000") && table.output.contains("新款跑鞋") && !table.output.contains("mail"), "\(table)")
    let found: List = try await copies("search", "跑鞋", "大促", "--json").decoded()
    #expect(found.copies.map(\.id) == ["run"])
    #expect(try await copies("search", "\"(*").output.contains("No copy"))
    let show = try await copies("show", "run")
    #expect(show.output.hasPrefix("run\n  title:     新款跑鞋\n") && show.output.contains("next time:"), "\(show)")
    let like: List = try await copies("like", "run", "--json").decoded()
    #expect(like.copies.map(\.id) == ["run2"] && like.copies.first?.similarity ?? 0 > 0)
    let nobody = try await copies("show", "rum")
    #expect(nobody.code == 65 && nobody.errors.contains("did you mean 'run'?"), "\(nobody)")
  }

  @Test func whatIsRemovedCanComeBack() async throws {
    #expect(try await copies("remove", "run").code == 69, "there is no store")
    #expect(!folder.has("store"))
    _ = try await copies("import", folder.path("copies.csv"))
    let none = try await copies("remove", "run", "mall", "rum")
    #expect(
      none.code == 65 && none.output.isEmpty
        && none.errors == """
          attune: there is no copy 'mall' in the library (hint: did you mean 'mail'?)
          there is no copy 'rum' in the library (hint: did you mean 'run'?)
          nothing was removed\n
          """,
      "\(none)")
    let removed = try await copies("remove", "run", "mail", "run")
    #expect(removed.code == 0 && removed.output.hasPrefix("2 copies removed from "), "\(removed)")
    #expect(try await copies("search", "大促").output.contains("No copy"))
    let left: List = try await copies("list", "--json").decoded()
    #expect(left.copies.map(\.id) == ["run2"])
    #expect(try await copies("remove", "run2", "--json").output == "{\"removed\":1}\n")
    let again = try await copies("import", folder.path("copies.csv"))
    #expect(again.output.hasPrefix("3 copies added"), "\(again)")
    let found: List = try await copies("search", "大促", "--json").decoded()
    #expect(found.copies.map(\.id) == ["run"])
  }

  @Test func whatIsExportedCanBeImported() async throws {
    _ = try await copies("import", folder.path("copies.csv"))
    for format in ["csv", "ndjson"] {
      let exported = try await copies("export", "--format", format)
      try folder.write(exported.output, to: "again." + format)
      let again = try await copies("import", folder.path("again." + format))
      #expect(again.output.hasPrefix("0 copies added, 0 changed, 3 as they were"), "\(again)")
      let other = try await Program.run(
        "copies", "import", folder.path("again." + format), "--store", folder.path("store-" + format))
      #expect(other.output.hasPrefix("3 copies added"), "\(other)")
      let same = try await Program.run(
        "copies", "export", "--store", folder.path("store-" + format), "--format", format)
      #expect(same.output == exported.output)
    }
  }

  /// From the table into a published campaign of a folder, by name.
  @Test func aPublishedCampaignTakesThemOut() async throws {
    var files = Shop.files()
    files["campaigns/spring.yaml"] = """
      campaign: spring
      scene: trade
      fatigue: { days: 1, times: 1, minGap: 0s }
      audience: { list: [u1, u2] }
      holdout: 0%
      materials: [{ copy: run }, { copy: mall }]
      """
    let shop = try TemporaryFolder(files)
    _ = try await copies("import", folder.path("copies.csv"))
    let service = try await Service.start(config: shop.path, store: folder.path("store"))
    defer { service.program.kill() }
    #expect(
      service.program.errors.contains("campaigns/spring.yaml:6:36: warning: there is no copy 'mall'"),
      "\(service.program.errors)")
    let published = try await Program.run("publish", shop.path, "--server", service.url)
    #expect(published.code == 0 && published.errors.contains("did you mean 'mail'?"), "\(published)")
    let unknown = try await Program.run("campaign", "launch", "spring", "--server", service.url)
    #expect(unknown.code == 65 && unknown.errors.contains("there is no copy 'mall'"), "\(unknown)")
    try shop.write(
      files["campaigns/spring.yaml"]?.replacingOccurrences(of: "mall", with: "mail") ?? "", to: "campaigns/spring.yaml")
    #expect(try await Program.run("publish", shop.path, "--server", service.url).errors.isEmpty)
    let launched = try await Program.run("campaign", "launch", "spring", "--server", service.url)
    #expect(launched.code == 0 && launched.output.hasPrefix("spring is launched: 2 users"), "\(launched)")
    _ = try await service.stop()
  }

  @Test func errorsWithTheirPlaces() async throws {
    try folder.write("id,title,body\na,t,b\nb,{{x,b\n", to: "bad.csv")
    let bad = try await copies("import", folder.path("bad.csv"))
    #expect(bad.code == 65 && bad.output.isEmpty, "\(bad)")
    #expect(bad.errors.contains("bad.csv:3:3: error: title: '{{x' is not closed (hint: "), "\(bad)")
    #expect(try await copies("list").code == 69, "nothing was made")
    let nowhere = try await copies("import", folder.path("nowhere.csv"))
    #expect(nowhere.code == 65 && nowhere.errors.contains("no such file"))
    _ = try await copies("import", folder.path("copies.csv"))
    let service = try await Service.start(config: Repository.example("town"), store: folder.path("store"))
    let locked = try await copies("import", folder.path("copies.csv"))
    #expect(locked.code == 69 && locked.errors.contains("POST /v1/copies"), "\(locked)")
    let kept = try await copies("remove", "run")
    #expect(kept.code == 69 && kept.errors.contains("DELETE /v1/copies/ID"), "\(kept)")
    #expect(try await copies("list").code == 0, "reading goes on beside a server")
    _ = try await service.stop()
  }
}
