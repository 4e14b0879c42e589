import Foundation
import TestSupport
import Testing

/// `attune simulate fatigue`: the same numbers for the same seed and log, and no candidate lost on the way.
@Suite struct SimulateCommandTests {
  private struct Experiment: Decodable {
    struct Source: Decodable {
      struct Version: Decodable {
        struct Count: Decodable {
          var users: Int
          var cases: Int
        }
        var reaches: Count
        var adjacentDays: Count
        var hourAfterChange: Count
        var closerThanGap: Count
        var refused: [String: Int]

        var faults: [Int] { [adjacentDays.cases, hourAfterChange.cases, closerThanGap.cases] }
      }
      var name: String
      var candidates: Int
      var one: Version
      var two: Version

      enum CodingKeys: String, CodingKey {
        case name, candidates
        case one = "1.0"
        case two = "2.0"
      }
    }
    var seed: String
    var sources: [Source]
  }

  private let folder: TemporaryFolder
  private let market = Repository.example("market")

  init() throws { folder = try TemporaryFolder(["events.ndjson": MarketLog(seed: 2026, bursts: 300).text]) }

  private func simulate(_ more: String...) async throws -> Program.Outcome {
    try await Program(
      ["simulate", "fatigue", "--seed", "4", "--users", "300", "--days", "8", "--config", market] + more
    ).ended()
  }

  @Test func bothVersionsAnswerTheSameCandidates() async throws {
    let events = folder.path("events.ndjson")
    let first = try await simulate("--events", events, "--json", "--plot", folder.path("a.svg"))
    let second = try await simulate("--events", events, "--json", "--plot", folder.path("b.svg"))
    #expect(first.code == 0 && first.output == second.output, "\(first.errors)")
    #expect(folder.text("a.svg") == folder.text("b.svg") && folder.text("a.svg").hasPrefix("<svg "))

    let experiment: Experiment = try first.decoded()
    #expect(experiment.seed == "4" && experiment.sources.map(\.name) == ["population", "log"])
    for source in experiment.sources {
      for version in [source.one, source.two] {
        #expect(version.reaches.cases + version.refused.values.reduce(0, +) == source.candidates)
      }
      #expect(source.two.faults == [0, 0, 0], "\(source.name)")
    }
    #expect(experiment.sources[0].one.faults.allSatisfy { $0 > 0 })
    #expect(experiment.sources[1].one.closerThanGap.cases > 0)

    // Of the log, 2.0 decides as the replay did until the operator came: neither lost a candidate.
    let replay: Summary = try await Program.run("replay", "--config", market, "--events", events, "--json").decoded()
    let refused = replay.refused.filter { $0.key.hasPrefix("fatigue.") }.values.reduce(0, +)
    #expect(experiment.sources[1].candidates == replay.sent + refused)
  }

  @Test func theReportIsForReaders() async throws {
    let outcome = try await simulate("--events", folder.path("events.ndjson"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    for words in ["seed 4", "The recorded log", "3. reached again sooner than t", "< 10m  1.0  ▒"] {
      #expect(outcome.output.contains(words), "\(words)")
    }
  }

  @Test func mistakesAreTold() async throws {
    let missing = try await simulate("--events", folder.path("nowhere"))
    #expect(missing.code == 65 && missing.errors.contains("nowhere: no such file"), "\(missing)")
    let unwritable = try await simulate(
      "--events", folder.path("events.ndjson"), "--plot", folder.path("no/such/place"))
    #expect(unwritable.code == 74 && unwritable.errors.contains("cannot be written"), "\(unwritable)")
    let nobody = try await Program.run("simulate", "fatigue", "--users", "0")
    #expect(nobody.code == 64 && nobody.errors.contains("--users is from 1"), "\(nobody)")
  }
}
