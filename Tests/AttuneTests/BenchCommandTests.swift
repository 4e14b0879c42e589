import Foundation
import TestSupport
import Testing

@testable import attune

/// `attune bench`: it runs the program beside it, and says what to do where there is none.
@Suite struct BenchCommandTests {
  @Test func passesEverythingThrough() async throws {
    let outcome = try await Program.run(
      "bench", "rules", "--workload", "ab", "--events", "200", "--users", "9", "--runs", "1", "--json")
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome)")
    #expect(outcome.output.hasPrefix("{") && outcome.output.contains(#""workload":"ab""#), "\(outcome)")
    let wrong = try await Program.run("bench", "rules", "--events", "0")
    #expect(wrong.code == 64 && wrong.errors.contains("--events is from 1 to 100000000"), "\(wrong)")
    #expect(wrong.errors.contains("Usage: attune bench rules"), "\(wrong)")
  }

  @Test(arguments: [["bench"], ["bench", "--help"], ["bench", "rules", "--help"]])
  func tellsWhatThereIs(arguments: [String]) async throws {
    let outcome = try await Program(arguments).ended()
    #expect(outcome.code == 0 && outcome.output.contains("USAGE: attune bench"), "\(outcome)")
  }

  @Test func isFoundBesideOrInTheSearchPath() throws {
    let (beside, path) = (try TemporaryFolder(), try TemporaryFolder())
    let attune = beside.path("attune")
    let places = "/nowhere:" + path.path
    #expect(Bench.find(beside: attune, searchPath: places) == nil)
    try path.write("", to: Bench.program)
    #expect(Bench.find(beside: attune, searchPath: places) == nil, "it cannot be run")
    for folder in [path, beside] {
      try folder.write("", to: Bench.program)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path(Bench.program))
      #expect(Bench.find(beside: attune, searchPath: places) == folder.path(Bench.program))
    }
  }

  @Test func whereItIsMissing() async throws {
    let folder = try TemporaryFolder()
    // A program is where its file is, whatever the name it was started by.
    try FileManager.default.copyItem(
      at: Repository.products.appendingPathComponent("attune"), to: URL(fileURLWithPath: folder.path("attune")))
    let outcome = try await Program(["bench", "rules"], at: folder.path("attune"), environment: ["PATH": ""]).ended()
    #expect(outcome.code == 69, "\(outcome)")
    #expect(outcome.errors.contains("(hint: swift build -c release --product attune-bench)"), "\(outcome)")
  }
}
