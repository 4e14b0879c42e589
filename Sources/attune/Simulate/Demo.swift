import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Foundation
import Insight
import Logging
import Simulation

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A simulated town lives through a week on the real engine, and you see why everybody got what they got.")

  @Option(help: "The same seed gives the same town.") var seed: UInt64 = 1
  @Option(help: "People in the town.") var users = 2000
  @Option(help: "Days to simulate.") var days = 7
  @Option(help: "The configuration folder.") var config = Examples.folder("town")
  @Option(help: "The store's folder (default: a new one among the temporary files).") var store: String?
  @Option(help: "Draw the campaign's shares into this file, as SVG.") var picture: String?
  @Flag(help: "Keep the API up on the town afterwards.") var serve = false
  @Flag(help: "Print JSON.") var json = false

  func validate() throws {
    if users < 1 || users > 1_000_000 { throw ValidationError("--users is from 1 to 1000000") }
    if days < 1 || days > 366 { throw ValidationError("--days is from 1 to 366") }
  }

  func run() async throws {
    let source = try CheckedFolder.sound(config)
    let folder = try store ?? Self.temporaryFolder()
    let settings = TownSettings(seed: seed, users: users, days: days)
    if !json { Terminal.note("\(settings.users.of("person", "people")), \(settings.days.of("day")), seed \(seed) ...") }
    let started = ContinuousClock.now
    let report = try await Self.live(settings, source, folder)
    Terminal.endProgress()
    if json {
      var text = JSONWriter()
      text.write(report)
      Terminal.out(text)
    } else {
      Terminal.out(DemoStory(report).text)
      let took = TimeSpan(milliseconds: Int64((ContinuousClock.now - started) / .milliseconds(1)))
      Terminal.out(
        """

        Took \(took.words). Ask it: attune explain \(report.stories.first?.user ?? "USER") --store \(folder)
                       attune report --by filter --store \(folder)
        """)
    }
    if let picture, let chart = report.campaigns.lazy.compactMap(\.picture).first {
      try Data(chart.svg.utf8).write(to: URL(fileURLWithPath: picture))
    }
    if !report.holds { throw ExitCode(1) }
    if serve { try await Serve.serve(config: config, store: folder, address: nil, logLevel: .info) }
  }

  /// The town, gone when it returns: its store and log are free for the server.
  private static func live(
    _ settings: TownSettings, _ source: ConfigurationSource, _ folder: String
  ) async throws -> TownReport {
    var town = try TownSimulation(settings: settings, configuration: source) { try StoreFolder.openFleeting(folder) }
    return try await town.run { at in
      Terminal.progress(
        "day \(at.day) of \(at.days)", at.done, "\(at.events.of("event")), \(at.messages.of("message"))")
    }
  }

  private static func temporaryFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "attune-demo-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }
}
