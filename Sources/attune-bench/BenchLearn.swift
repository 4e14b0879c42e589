import ArgumentParser
import CommandSupport
import Learning
import Simulation

struct BenchLearn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "The learner: clicks beside an oracle's, and decisions a second.",
    discussion: """
      Three invented audiences whose click probabilities are known; what is counted is the sum of the chosen copies' \
      probabilities, over the sum of the best ones'. One configuration, the default of campaigns, in all of them; \
      beside it the same without its exploration floor, without any exploration, and copies at random.
      """)

  /// One environment, or all.
  enum Environment: Hashable, ExpressibleByArgument {
    case one(ClickEnvironment.Kind), all

    init?(argument: String) {
      if argument == "all" {
        self = .all
      } else if let kind = ClickEnvironment.Kind(rawValue: argument) {
        self = .one(kind)
      } else {
        return nil
      }
    }

    static let allValueStrings = ClickEnvironment.Kind.allCases.map(\.rawValue) + ["all"]

    var kinds: [ClickEnvironment.Kind] {
      switch self {
      case .one(let kind): [kind]
      case .all: ClickEnvironment.Kind.allCases
      }
    }
  }

  @Option(help: "The audience.") var env = Environment.all
  @Option(help: "Messages.") var rounds = 100_000
  @Option(help: "Seeds, from 1; the mean counts.") var seeds = 5
  @Option(help: "The model.") var model = ModelKind.hybrid
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if rounds < 1 || rounds > 100_000_000 { throw ValidationError("--rounds is from 1 to 100000000") }
    if seeds < 1 || seeds > 1000 { throw ValidationError("--seeds is from 1 to 1000") }
  }

  func run() throws {
    let benchmark = LearningBenchmark(rounds: rounds, seeds: seeds, kind: model)
    var figures = LearningFigures(rounds: rounds, seeds: seeds, model: model.name, environments: [], speeds: [])
    for kind in env.kinds { figures.environments += try benchmark.ratios(kind) }
    for kind in ModelKind.allCases {
      Terminal.progress("measuring", nil, "the speed of \(kind.name)")
      figures.speeds.append(try benchmark.speed(kind, in: .dense))
      figures.speeds.append(try benchmark.speed(kind, in: .push))
    }
    Terminal.endProgress()
    if json { try Terminal.out(json: figures) } else { Terminal.out(LearningReport.text(figures)) }
  }
}
