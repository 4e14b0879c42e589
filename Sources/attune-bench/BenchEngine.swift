import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Reach
import Runtime

struct BenchEngine: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engine",
    abstract:
      "Events a second through the whole engine, without I/O and with the journal, and the share of each stage.",
    discussion: """
      One thread. Each figure is the median of several runs taken in turn. A stage's share is what a run with it costs \
      more than a run without it.
      """)

  @Option(help: "Events, from a seed.") var events = 300_000
  @Option(help: "Users.") var users = 30_000
  @Option(help: "Seed.") var seed: UInt64 = 42
  @Option(help: "Runs of each kind; the median counts.") var runs = 3
  @Option(help: "The configuration folder.") var config = "examples/market"
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if events < 1 || events > 100_000_000 { throw ValidationError("--events is from 1 to 100000000") }
    if users < 1 || users > events { throw ValidationError("--users is from 1 to the number of events") }
    if runs < 1 || runs > 1000 { throw ValidationError("--runs is from 1 to 1000") }
  }

  func run() async throws {
    let bench = EngineBenchmark(
      source: try Self.source(config), events: events, users: users, seed: seed)
    var seconds: [EngineBenchmark.Kind: [Double]] = [:]
    var sent = 0
    let kinds = EngineBenchmark.Kind.allCases
    for round in 0..<runs {
      for (place, kind) in kinds.enumerated() {
        Terminal.progress(
          "measuring", Double(round * kinds.count + place) / Double(runs * kinds.count), kind.rawValue)
        let result = try bench.run(kind)
        seconds[kind, default: []].append(result.seconds)
        sent = result.sent
      }
    }
    Terminal.endProgress()
    let medians = seconds.mapValues { $0.sorted()[$0.count / 2] }
    if json { Terminal.out(Self.json(medians, self, sent)) } else { Terminal.out(Self.text(medians, self, sent)) }
  }

  private static func source(_ folder: String) throws -> ConfigurationSource {
    var diagnostics = Diagnostics()
    let source = try ConfigurationFolder.read(folder, warnings: &diagnostics)
    guard CompiledConfiguration(source, at: Instant(milliseconds: 0), &diagnostics) != nil else { throw diagnostics }
    if !diagnostics.all.isEmpty { Terminal.note("\(diagnostics)") }
    return source
  }

  private static func json(_ medians: [EngineBenchmark.Kind: Double], _ bench: BenchEngine, _ sent: Int) -> JSONWriter {
    var text = JSONWriter()
    text.object { json in
      json.member("events", bench.events)
      json.member("users", bench.users)
      json.member("sent", sent)
      for kind in EngineBenchmark.Kind.allCases {
        json.member(kind.rawValue) { json in
          json.object { json in
            json.member("seconds", .number(medians[kind] ?? 0))
            json.member("eventsPerSecond", Int(Double(bench.events) / max(1e-9, medians[kind] ?? 0)))
          }
        }
      }
    }
    return text
  }

  private static func text(_ medians: [EngineBenchmark.Kind: Double], _ bench: BenchEngine, _ sent: Int) -> String {
    let whole = medians[.journaled] ?? 1
    var table = TextTable(["stage", "events/s up to here", "µs an event", "share"])
    var before = 0.0
    for kind in EngineBenchmark.Kind.allCases {
      let seconds = medians[kind] ?? 0
      // Decoding is measured by itself and is part of every whole; the later kinds include the earlier ones.
      let own = max(0, seconds - before)
      before = seconds
      table.add([
        kind.title, Int(Double(bench.events) / max(1e-9, seconds)).grouped,
        (own / Double(bench.events) * 1e6).decimal(2), (own / whole).percent(0),
      ])
    }
    return
      "\(bench.events.grouped) events of \(bench.users.grouped) users, \(sent.grouped) messages, one thread\n\n\(table.text)"
  }
}
