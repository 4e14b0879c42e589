import ArgumentParser
import CommandSupport
import Foundation
import Simulation

struct LearnReport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Measure on public data whether what we say of policies is true.",
    discussion: """
      The data is not part of the program: a folder with open-bandit, hillstrom and upworthy, \(folder) where there is \
      such a folder. What is missing is left out, and the output says so. Each figure comes with what it shows and what \
      it does not show; docs/measurement.md has the protocols.
      """)

  /// What there is data for.
  enum Part: String, ExpressibleByArgument, CaseIterable {
    case openBandit = "open-bandit"
    case hillstrom, upworthy
  }

  /// Beside the repository, not in it.
  private static let folder = "../shared/data"

  @Option(help: "The folder with the data.") var data = folder
  @Option(help: "Only this part.") var only: Part?
  @Option(help: "The first seed; the same gives the same figures.") var seed: UInt64 = 1
  @Option(help: "How many seeds, from the first on.") var seeds = 5
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if seeds < 2 || seeds > 100 { throw ValidationError("--seeds is from 2 to 100") }
  }

  func run() async throws {
    let all = (0..<UInt64(seeds)).map { seed &+ $0 }
    var evidence = Evidence(seeds: all)
    for part in Part.allCases where only == nil || only == part {
      let folder = data + "/" + part.rawValue
      guard FileManager.default.fileExists(atPath: folder) else {
        let missing = "\(folder): no such folder (hint: give the one above it with --data)"
        if only == part { throw Failure.data(missing) }
        Terminal.note("attune: \(missing)")
        continue
      }
      switch part {
      case .openBandit: evidence.openBandit = try Evidence.Bandit(OpenBandit(folder: folder), seed: seed)
      case .hillstrom: evidence.mails = try Evidence.Mails(Hillstrom(path: folder + "/hillstrom.csv.gz"), seeds: all)
      case .upworthy:
        let headlines = try Upworthy(path: folder + "/headline_tests.csv.gz")
        evidence.headlines = try await Evidence.Headlines(headlines, seeds: all) { done in
          Terminal.progress("sending headlines again", done)
        }
        Terminal.endProgress()
      }
    }
    guard !evidence.isEmpty else { throw Failure.data("\(data): there is no data (hint: name its folder with --data)") }
    if json { Terminal.out(evidence.json) } else { Terminal.out(evidence.text) }
  }
}
