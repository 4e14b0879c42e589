import Foundation
import Testing

/// What a reader would otherwise nag about.
@Suite struct TidyTests {
  /// Who may import whom; the picture of the house. Modules of ours that are not listed for a module are above it.
  private static let mayImport: [String: Set<String>] = [
    "AttuneModel": [],
    "Fatigue": ["AttuneModel"],
    "Rules": ["AttuneModel"],
    "Learning": ["AttuneModel"],
    "Materials": ["AttuneModel", "Learning"],
    "Reach": ["AttuneModel", "Fatigue", "Rules", "Learning", "Materials", "HeapModule", "DequeModule"],
    "API": ["AttuneModel"],
    "Codec": ["AttuneModel", "CZlib", "Glibc", "Musl", "Darwin"],
    "Ingest": ["AttuneModel", "Materials", "Codec"],
    "Insight": ["AttuneModel", "Fatigue", "Rules", "Learning", "Materials", "Codec"],
    "Store": ["AttuneModel", "Materials"],
    "StoreSQLite": [
      "AttuneModel", "Materials", "Platform", "Store", "GRDB", "Foundation", "Synchronization", "Glibc", "Musl",
      "Darwin",
    ],
    "Lanes": ["AttuneModel"],
    "Platform": ["Foundation", "Dispatch"],
    "StoreMemory": ["AttuneModel", "Materials", "Store", "Foundation", "Synchronization"],
    "StoreTesting": ["AttuneModel", "Materials", "Store", "StoreMemory", "Foundation", "Synchronization"],
    "Delivery": ["AttuneModel", "Lanes", "Platform", "Store", "DequeModule", "Synchronization"],
    "ChannelLog": ["AttuneModel", "Codec", "Lanes", "Platform", "Delivery", "Synchronization"],
    "ChannelTesting": ["AttuneModel", "Lanes", "Delivery", "Synchronization", "Testing"],
    "Runtime": [
      "AttuneModel", "Fatigue", "Rules", "Learning", "Materials", "Reach", "Codec", "Ingest", "Store", "Platform",
      "DequeModule", "Yams", "Foundation", "Synchronization",
    ],
    "Simulation": [
      "AttuneModel", "Fatigue", "Learning", "Materials", "Reach", "Codec", "Ingest", "Runtime", "Store",
      "Delivery", "ChannelLog", "Insight", "Foundation", "Synchronization",
    ],
  ]

  /// Modules at the top, which may import anything.
  private static let top: Set<String> = ["Server", "attune", "attune-bench", "CommandSupport", "CZlib"]

  private struct File {
    var path: String
    var module: String
    var lines: [Substring]
  }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func files(in folder: String) -> [File] {
    let base = root.appendingPathComponent(folder).path
    let names = (FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []).sorted()
    return names.filter { $0.hasSuffix(".swift") }.compactMap { name in
      guard let text = try? String(contentsOfFile: base + "/" + name, encoding: .utf8) else { return nil }
      return File(
        path: folder + "/" + name, module: String(name.prefix { $0 != "/" }),
        lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  private let sources = files(in: "Sources")

  @Test func modulesImportOnlyDownward() {
    #expect(!sources.isEmpty)
    for file in sources where !Self.top.contains(file.module) {
      guard let allowed = Self.mayImport[file.module] else {
        Issue.record("\(file.path): who may import what from here? Say it in TidyTests.")
        continue
      }
      for line in file.lines {
        guard let name = imported(by: line) else { continue }
        #expect(allowed.contains(name), "\(file.path) imports \(name)")
      }
    }
  }

  @Test func thePureCoreHasNoClockNoChanceNoInputOrOutput() {
    let pure: Set<String> = ["AttuneModel", "Fatigue", "Rules", "Learning", "Materials", "Reach", "Lanes"]
    let impure = ["ContinuousClock", "SystemRandomNumberGenerator", ".random(", " print(", "Task.sleep", "getenv("]
    for file in sources where pure.contains(file.module) {
      for (number, line) in file.lines.enumerated() where !isComment(line) {
        for word in impure where line.contains(word) {
          Issue.record("\(file.path):\(number + 1): \(word) in the pure core")
        }
      }
    }
  }

  @Test func filesStaySmall() {
    for file in sources + Self.files(in: "Tests") {
      #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines: is it still one room?")
    }
  }

  @Test func functionsStaySmall() {
    var seen = 0
    for file in sources {
      for (name, length) in functions(in: file) {
        seen += 1
        #expect(length <= 60, "\(file.path): \(name) has \(length) lines")
      }
    }
    #expect(seen > 300, "the search for functions finds too few to be trusted")
  }

  @Test func nothingIsLeftLying() {
    // Put together, so that this file does not find itself.
    let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "fatal" + "Error(", "try" + "!", "not " + "implemented"]
    for file in sources + Self.files(in: "Tests") {
      for (number, line) in file.lines.enumerated() {
        for mark in marks where line.contains(mark) { Issue.record("\(file.path):\(number + 1): \(mark)") }
      }
    }
    for file in sources {
      for (number, line) in file.lines.enumerated()
      where line.trimmingCharacters(in: .whitespaces).hasPrefix("print(") {
        Issue.record("\(file.path):\(number + 1): print")
      }
    }
  }

  /// What it shows of the libraries alone are programs that are built and run.
  @Test(arguments: ["FatigueAlone", "RulesOnDevice"]) func theDocumentShowsTheSnippetsAsTheyAre(_ name: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let snippet = try String(contentsOf: root.appending(path: "Snippets/\(name).swift"), encoding: .utf8)
    let document = try String(contentsOf: root.appending(path: "docs/libraries.md"), encoding: .utf8)
    #expect(document.contains("```swift\n\(snippet)```"))
  }

  private func imported(by line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard let index = words.firstIndex(of: "import"), index <= 2, index + 1 < words.count,
      words[..<index].allSatisfy({ ["public", "internal", "package", "@testable", "@preconcurrency"].contains($0) })
    else { return nil }
    return String(words[index + 1].prefix { $0 != "." })
  }

  private func isComment(_ line: Substring) -> Bool { line.drop { $0 == " " }.hasPrefix("//") }

  /// Functions and initialisers with their number of lines, told by indentation: the formatter sees to it.
  private func functions(in file: File) -> [(name: String, length: Int)] {
    var found: [(String, Int)] = []
    var open: [(name: String, indent: Int, start: Int)] = []
    for (number, line) in file.lines.enumerated() {
      let indent = line.prefix { $0 == " " }.count
      let text = line.dropFirst(indent)
      if text == "}", let last = open.last, last.indent == indent {
        found.append((last.name, number - last.start + 1))
        open.removeLast()
      }
      let starts = text.contains("func ") || text.contains("init(") || text.contains("init?(")
      if starts, !text.hasPrefix("//"), text.hasSuffix("{") || !text.contains("{"), !text.contains(".init("),
        !text.hasPrefix("self.init"), !text.hasPrefix("super.init")
      {
        open.removeAll { $0.indent >= indent }
        open.append((String(text.prefix(60)), indent, number))
      }
    }
    return found
  }
}
