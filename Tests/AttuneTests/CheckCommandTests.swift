import Foundation
import TestSupport
import Testing

/// `attune check`: what it says of a folder, and its exit code.
@Suite(.serialized) struct CheckCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func check(
    _ more: String..., change: (inout [String: String]) -> Void
  ) async throws -> Program.Outcome {
    var files = Shop.files()
    change(&files)
    try folder.write(files)
    return try await Program(["check", folder.path] + more).ended()
  }

  @Test(arguments: ["market", "town"]) func examplesAreSound(example: String) async throws {
    let outcome = try await Program.run("check", Repository.example(example))
    #expect(outcome.code == 0 && outcome.output.contains("sound: "), "\(outcome)")
    #expect(!outcome.errors.contains("error:"))
  }

  @Test func whatIsSound() async throws {
    let text = try await check { _ in }
    #expect(text.code == 0 && text.output == "\(folder.path): sound: 2 rules, 3 businesses, 0 warnings\n", "\(text)")
    #expect(text.errors.isEmpty)
    try folder.write("milk, eggs", to: "notes.txt")
    let outcome = try await Program.run("check", folder.path, "--json")
    let checked: Checked = try outcome.decoded()
    #expect(outcome.code == 0 && checked.valid && checked.rules == 2 && checked.businesses == 3)
    #expect(checked.diagnostics.map(\.severity) == ["warning"] && checked.diagnostics.first?.file == "notes.txt")
  }

  @Test func aBusinessWithoutFatigue() async throws {
    let outcome = try await check { files in
      files["businesses/tip.yaml"] = files["businesses/tip.yaml"]?.split(separator: "\n")
        .filter { !$0.hasPrefix("fatigue:") }.joined(separator: "\n")
    }
    #expect(outcome.code == 65 && outcome.output.isEmpty)
    #expect(
      outcome.errors.hasPrefix("businesses/tip.yaml:1:1: error: a business has no 'fatigue' (hint: "), "\(outcome)")
  }

  @Test func aTemplateWithAnUnknownField() async throws {
    let outcome = try await check { files in
      files["businesses/tip.yaml"] = files["businesses/tip.yaml"]?.replacingOccurrences(
        of: "{{item}}", with: "{{itme}}")
    }
    #expect(outcome.code == 65)
    #expect(outcome.errors.hasPrefix("businesses/tip.yaml:8:"), "\(outcome)")
    #expect(outcome.errors.contains("uses 'itme'") && outcome.errors.contains("(hint: it can use item,"), "\(outcome)")
  }

  @Test func namesGivenTwice() async throws {
    let outcome = try await check { files in
      files["rules/z.yaml"] = files["rules/bought.yaml"]
      files["businesses/z.yaml"] = files["businesses/tip.yaml"]
    }
    #expect(outcome.code == 65)
    #expect(
      outcome.errors.contains(
        "businesses/z.yaml:1:1: error: there is a business 'tip' already, in businesses/tip.yaml"),
      "\(outcome)")
    #expect(
      outcome.errors.contains("rules/z.yaml:1:1: error: there is already a rule 'bought', at rules/bought.yaml:1:1"),
      "\(outcome)")
  }

  /// Also in the parts that are the server's.
  @Test func unknownKeysAndWrongValues() async throws {
    let outcome = try await check { files in
      files["attune.yaml"] = """
        fatigue: { zone: Asia/Shanghai, user: { perDay: 4 } }
        timng: { lateness: 1s }
        server: { bodyLimit: many, adress: x }
        channels: { log: { type: smtp } }
        """
      files["rules/viewed.yaml"]?.append("\nwihtin: 3h\n")
      files["businesses/tip.yaml"]?.append("\ntopics: x\n")
    }
    #expect(outcome.code == 65)
    for (place, what) in [
      ("attune.yaml:2:1: ", "did you mean 'timing'?"), ("attune.yaml:3:22: ", "bytes of a body"),
      ("attune.yaml:3:28: ", "did you mean 'address'?"), ("attune.yaml:4:26: ", "of type 'smtp'"),
      ("rules/viewed.yaml:6:1: ", "did you mean 'within'?"), ("businesses/tip.yaml:9:1: ", "did you mean 'topic'?"),
    ] {
      let line = outcome.errors.split(separator: "\n").first { $0.hasPrefix(place) }
      #expect(line?.contains(what) == true && line?.contains(": error: ") == true, "\(place)\(what): \(outcome.errors)")
    }
  }

  /// The parser would take the last one.
  @Test(arguments: [["--store", "a", "--store", "b"], ["--store=a", "--store", "a"], ["--json", "--json"]])
  func anOptionGivenTwiceIsRefused(options: [String]) async throws {
    let folder = try TemporaryFolder()
    let twice = try await Program(["check", folder.path] + options).ended()
    #expect(twice.code == 64 && twice.errors.contains("is given twice"), "\(twice)")
  }

  @Test func aZoneThatIsNone() async throws {
    let outcome = try await check { files in
      files["attune.yaml"] = "fatigue: { zone: Asia/Shanghia, user: { perDay: 4 } }\n"
    }
    #expect(outcome.code == 65)
    #expect(
      outcome.errors == """
        attune.yaml:1:18: error: unknown time zone 'Asia/Shanghia' (hint: did you mean 'Asia/Shanghai'?)\n
        """, "\(outcome)")
  }

  /// Without a store nobody can tell whether they are there; with one, what is missing is told.
  @Test func copiesOfTheLibrary() async throws {
    func change(_ files: inout [String: String]) {
      files["campaigns/spring.yaml"] = """
        campaign: spring
        scene: trade
        fatigue: { days: 1, times: 1, minGap: 0s }
        audience: everybody
        holdout: 10%
        materials: [{ copy: run }, { copy: rum }]
        """
    }
    let alone = try await check(change: change)
    #expect(alone.code == 0 && alone.output.contains("1 campaign, 1 warning\n"), "\(alone)")
    #expect(alone.output.contains("  campaign spring: everybody with a profile, 10.0% of them held out"), "\(alone)")
    #expect(
      alone.errors.hasPrefix(
        "campaigns/spring.yaml:6:21: warning: the library was not asked for these 2 copies (hint: "), "\(alone)")
    let library = try TemporaryFolder(["copies.csv": "id,title,body\nrun,t,b\n"])
    let nowhere = try await check("--store", library.path("store"), change: change)
    #expect(nowhere.code == 69, "\(nowhere)")
    _ = try await Program.run("copies", "import", library.path("copies.csv"), "--store", library.path("store"))
    let missing = try await check("--store", library.path("store"), change: change)
    #expect(
      missing.code == 0
        && missing.errors == """
          campaigns/spring.yaml:6:36: warning: there is no copy 'rum' in the library (hint: did you mean 'run'?)\n
          """,
      "\(missing)")
    let business = try await check { files in
      files["businesses/tip.yaml"] = files["businesses/tip.yaml"]?.replacingOccurrences(
        of: "{ id: plain, title: \"tip\", body: \"{{item}}\" }", with: "{ copy: run }")
    }
    #expect(business.code == 65 && business.errors.contains("only a campaign can name a copy"), "\(business)")
  }

  @Test func allErrorsAsJSON() async throws {
    let outcome = try await check("--json") { files in
      files["businesses/tip.yaml"] = "business: tip\nscene: trade\nwhen: veiwed\n"
    }
    let checked: Checked = try outcome.decoded()
    #expect(outcome.code == 65 && !checked.valid && outcome.errors.isEmpty, "\(outcome)")
    #expect(checked.diagnostics.count { $0.severity == "error" } == 3, "\(outcome)")
    let unknown = checked.diagnostics.first { $0.line == 3 }
    #expect(unknown?.file == "businesses/tip.yaml" && unknown?.column == 7 && unknown?.hint == "did you mean 'viewed'?")
  }

  @Test func nothingThere() async throws {
    let empty = try await Program.run("check", folder.path)
    #expect(empty.code == 65 && empty.errors.contains("there is no attune.yaml (hint: "), "\(empty)")
    let missing = try await Program.run("check", folder.path("nowhere"))
    #expect(
      missing.code == 65 && missing.errors.contains("nowhere:1:1: error: the folder cannot be read"), "\(missing)")
    let unnamed = try await Program.run("check")
    #expect(unnamed.code == 64 && unnamed.errors.contains("Usage: attune check"), "\(unnamed)")
  }
}
