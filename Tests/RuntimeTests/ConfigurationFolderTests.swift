import AttuneModel
import Foundation
import Runtime
import TestSupport
import Testing

@Suite struct ConfigurationFolderTests {
  private static let settings = "fatigue: { zone: Asia/Shanghai, user: { perDay: 3 } }\n"

  /// A folder of its own with these files, gone afterwards. A nil text is a folder.
  private func withFolder(_ files: [String: String?], _ body: (URL) throws -> Void) throws {
    let temporary = try TemporaryFolder()
    defer { withExtendedLifetime(temporary) {} }
    let root = URL(fileURLWithPath: temporary.path)
    for (name, text) in files {
      let url = root.appendingPathComponent(name)
      let folder = text == nil ? url : url.deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      if let text { try text.write(to: url, atomically: false, encoding: .utf8) }
    }
    try body(root)
  }

  private func errors(_ read: () throws(Diagnostics) -> Void) -> [String] {
    do throws(Diagnostics) {
      try read()
      return []
    } catch {
      return error.errors.map(\.description)
    }
  }
  private func errors(in root: URL) -> [String] {
    errors { () throws(Diagnostics) in
      var warnings = Diagnostics()
      _ = try ConfigurationFolder.read(root.path, warnings: &warnings)
    }
  }
  private func errors(of files: [String: String]) -> [String] {
    errors { () throws(Diagnostics) in _ = try ConfigurationFolder.read(files: files) }
  }

  @Test func readsInOrderOfNames() throws {
    let files: [String: String?] = [
      "attune.yaml": Self.settings, "rules/b.yaml": "rule: b", "rules/a.yml": "rule: a1\n---\nrule: a2",
      "rules/.hidden.yaml": "[", "businesses/闲鱼.yaml": "business: x", ".git": nil,
    ]
    try withFolder(files) { root in
      var warnings = Diagnostics()
      let source = try ConfigurationFolder.read(root.path, warnings: &warnings)
      #expect(warnings.all.isEmpty)
      #expect(source.settings?.mark == Mark(file: "attune.yaml", line: 1, column: 1))
      #expect(source.rules.map(\.mark.description) == ["rules/a.yml:1:1", "rules/a.yml:3:1", "rules/b.yaml:1:1"])
      #expect(source.businesses.map(\.mark.file) == ["businesses/闲鱼.yaml"])
      #expect(source.zones.map(\.name) == ["Asia/Shanghai"])
      // What a client publishes is read to the same.
      let texts = try ConfigurationFolder.files(in: root.path, warnings: &warnings)
      #expect(texts.keys.sorted() == ["attune.yaml", "businesses/闲鱼.yaml", "rules/a.yml", "rules/b.yaml"])
      #expect(try ConfigurationFolder.read(files: texts) == source)
    }
  }

  @Test func warnsOfWhatItIgnores() throws {
    let files: [String: String?] = [
      "attune.yaml": Self.settings, "README.md": "x", "campagnes/c.yaml": "x: [", "rules/a.yaml.bak": "[",
      "rules/tests/t.yaml": "[", "other.yaml": "[", "businesses": "a file",
    ]
    try withFolder(files) { root in
      var warnings = Diagnostics()
      _ = try ConfigurationFolder.read(root.path, warnings: &warnings)
      #expect(
        warnings.warnings.map(\.mark.file) == [
          "README.md", "businesses", "campagnes", "other.yaml", "rules/a.yaml.bak", "rules/tests",
        ])
      #expect(warnings.errors.isEmpty)
    }
  }

  @Test func unreadable() throws {
    try withFolder([:]) { root in
      #expect(
        errors(in: root) == [
          "attune.yaml:1:1: error: there is no attune.yaml (hint: it holds `fatigue:` with zone, user and scenes)"
        ])
      let missing = root.appendingPathComponent("none")
      #expect(errors(in: missing) == ["\(missing.path):1:1: error: the folder cannot be read: there is none"])
    }
    try withFolder(["attune.yaml": Self.settings, "rules/folder.yaml": nil]) { root in
      #expect(errors(in: root) == ["rules/folder.yaml:1:1: error: not a file"])
      #expect(errors(in: root.appendingPathComponent("attune.yaml")).count == 1)
    }
    try withFolder(["attune.yaml": Self.settings]) { root in
      let rules = root.appendingPathComponent("rules")
      try FileManager.default.createDirectory(at: rules, withIntermediateDirectories: true)
      try Data([0x61, 0xFF, 0xFE]).write(to: rules.appendingPathComponent("a.yaml"))
      try FileManager.default.createSymbolicLink(
        atPath: rules.appendingPathComponent("b.yaml").path, withDestinationPath: "nowhere.yaml")
      try Data(repeating: 0x23, count: 1_048_577).write(to: rules.appendingPathComponent("c.yaml"))
      #expect(
        errors(in: root) == [
          "rules/a.yaml:1:1: error: not UTF-8 text (hint: save the file as UTF-8)",
          "rules/b.yaml:1:1: error: not a file",
          "rules/c.yaml:1:1: error: a file can have at most 1 MB",
        ])
    }
  }

  @Test func tellsAllErrorsAtOnce() {
    let problems = errors(of: [
      "attune.yaml": "fatigue: { zone: Asia/Shanghia }", "rules/a.yaml": "a: b: c", "rules/b.yaml": "x: 'y",
      "businesses/c.yaml": "filters: [{ quietHours: { from: 22, zone: Mars/Olympus } }]",
    ])
    #expect(
      problems.prefix(4).map { String($0.prefix(30)) } == [
        "rules/a.yaml:1:5: error: mappi", "rules/b.yaml:1:6: error: found", "attune.yaml:1:18: error: unkno",
        "businesses/c.yaml:1:43: error:",
      ], "\(problems)")
    #expect(problems.contains { $0.hasSuffix("(hint: did you mean 'Asia/Shanghai'?)") })
  }

  @Test func settingsAreOneDocument() {
    #expect(errors(of: ["attune.yaml": Self.settings + "---\nb: 1"]).first?.hasPrefix("attune.yaml:3:1") == true)
    #expect(errors(of: ["attune.yml": "# nothing"]).first?.hasPrefix("attune.yml:1:1") == true)
    #expect(errors(of: ["attune.yml": Self.settings]).isEmpty)
    #expect(
      errors(of: ["attune.yml": Self.settings, "attune.yaml": Self.settings]) == [
        "attune.yml:1:1: error: there is also attune.yaml (hint: keep one of them)"
      ])
  }

  @Test(arguments: [
    "", "/", "x.yaml", "rules/../attune.yaml", "../rules/a.yaml", "rules/a/b.yaml", "rules/", "rules/.yaml",
    "rules/.a.yaml", "rules/a.json", "rules//a.yaml", "/rules/a.yaml", "rules/..\\..\\a.yaml", "rules/a\0.yaml",
    "rules/a\n.yaml", "Rules/a.yaml", "rules/a.YAML", "campaign/a.yaml", "rules", "attune", "./attune.yaml",
  ])
  func onlyKnownPlaces(_ name: String) {
    let problems = errors(of: ["attune.yaml": Self.settings, name: "rule: a"])
    #expect(problems.count == 1 && problems.first?.contains("no place of a configuration") == true, "\(problems)")
  }

  @Test func limits() {
    var files = ["attune.yaml": Self.settings, "rules/a.yaml": String(repeating: "#", count: 1_048_577)]
    #expect(errors(of: files) == ["rules/a.yaml:1:1: error: a file can have at most 1 MB"])
    files["rules/a.yaml"] = nil
    for number in 0..<10_000 { files["rules/\(number).yaml"] = "" }
    #expect(errors(of: files).map { $0.contains("too large") } == [true])
  }

  @Test func zonesNamedAndAskedFor() throws {
    let files = [
      "attune.yaml": "fatigue: { zone: Asia/Shanghai }\nchannels: { log: { zone: moon } }",
      "businesses/a.yaml": "filters: [consent, { quietHours: { zone: Europe/Berlin } }]",
      "businesses/b.yaml": "filters: [{ quietHours: { zone: Asia/Shanghai } }]",
    ]
    let source = try ConfigurationFolder.read(files: files, zones: ["America/Sao_Paulo", "Nope/Zone", "UTC"])
    #expect(source.zones.map(\.name) == ["America/Sao_Paulo", "Asia/Shanghai", "Europe/Berlin", "UTC"])
  }
}
