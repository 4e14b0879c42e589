import Foundation
import Testing

/// `attune copies`, from a table to what is told of it.
@Suite(.serialized) struct CopiesCommandTests {
  private let folder: Folder

  init() throws {
    folder = try Folder([
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

  @Test func errorsWithTheirPlaces() async throws {
    try folder.write("id,title,body\na,t,b\nb,{{x,b\n", to: "bad.csv")
    let bad = try await copies("import", folder.path("bad.csv"))
    #expect(bad.code == 65 && bad.output.isEmpty, "\(bad)")
    #expect(bad.errors.contains("bad.csv:3:3: error: title: '{{x' is not closed (hint: "), "\(bad)")
    #expect(try await copies("list").code == 69, "nothing was made")
    let nowhere = try await copies("import", folder.path("nowhere.csv"))
    #expect(nowhere.code == 65 && nowhere.errors.contains("no such file"))
    _ = try await copies("import", folder.path("copies.csv"))
    let service = try await Service.start(config: Program.example("town"), store: folder.path("store"))
    let locked = try await copies("import", folder.path("copies.csv"))
    #expect(locked.code == 69 && locked.errors.contains("POST /v1/copies"), "\(locked)")
    #expect(try await copies("list").code == 0, "reading goes on beside a server")
    _ = try await service.stop()
  }
}
