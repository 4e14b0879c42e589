import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Fatigue
import Foundation
import Ingest
import Insight
import Reach
import Runtime
import Store

struct FatiguePreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "What a changed policy would have let through and refused on recorded traffic.",
    discussion: """
      --against names what was recorded:
        a store's folder: whatever reached fatigue in its journal, as it was answered
        a log of events: replayed in memory with --config, what reaches fatigue there
        a file of candidates as 'attune fatigue replay' reads it: judged by --current, too
      Candidates are taken as they were recorded, and settled as they were. What another answer would have led to \
      (a user who stays, a match that never comes) nobody knows, so this shows the policy's effect on what happened, \
      and is no forecast. Reaches that are newly let through count as delivered.
      """)

  @Option(help: "The new policy: YAML, JSON, or a configuration folder.") var policy: String
  @Option(help: "What was recorded: a store's folder, a log of events or a file of candidates, .gz too.")
  var against = "attune-data"
  @Option(help: "For a log of events: the configuration folder in force.") var config: String?
  @Option(help: "For a log of events: profiles, NDJSON, plain or .gz.") var users: String?
  @Option(help: "For candidates: the policy in force, a file or a configuration folder.") var current: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let preview = FatiguePreview(policy: try Self.policy(at: policy))
    let report: FatiguePreview.Report
    if Self.isFolder(against) {
      report = try journal(preview)
    } else if try Self.holdsCandidates(against) {
      report = try candidates(preview)
    } else {
      report = try events(preview)
    }
    if json { Terminal.out(report.json) } else { Terminal.out(report.text) }
    for row in report.unknown where !json {
      Terminal.note(
        "the new policy has no business '\(row.name)': its \(row.reached.grouped) candidates count as refused")
    }
  }

  private func journal(_ preview: consuming FatiguePreview) throws -> FatiguePreview.Report {
    try refuse(["--config": config, "--users": users, "--current": current], "a store knows what was in force")
    var traffic = RecordedTraffic(preview)
    try traffic.take(try StoreFolder.read(against))
    return traffic.preview.report
  }

  private func events(_ preview: consuming FatiguePreview) throws -> FatiguePreview.Report {
    try refuse(["--current": current], "events are replayed with --config")
    guard let config else {
      throw Failure.data("\(against): to replay events, say with which configuration (hint: --config FOLDER)")
    }
    var traffic = RecordedTraffic(preview)
    var replay = try Runtime.Replay(
      Runtime.Replay.Source(configuration: try CheckedFolder.sound(config), events: against, users: users), store: nil,
      handled: { inputs, effects in traffic.take(inputs, effects.traces) },
      progress: { Terminal.progress(replaying: $0) })
    let summary = try replay.run()
    Terminal.endProgress()
    for problem in summary.problems { Terminal.note(problem) }
    return traffic.preview.report
  }

  private func candidates(_ preview: consuming FatiguePreview) throws -> FatiguePreview.Report {
    try refuse(["--users": users], "candidates bring their zones")
    guard let current = current ?? config else {
      throw Failure.data("\(against): to judge candidates, say which policy is in force (hint: --current FILE)")
    }
    var file = try CandidateFile(path: against)
    try preview.run(&file, against: try Self.policy(at: current))
    return preview.report
  }

  private func refuse(_ options: KeyValuePairs<String, String?>, _ why: String) throws {
    for (name, value) in options where value != nil {
      throw Failure.data("\(name) has no meaning with \(against): \(why) (hint: leave it out)")
    }
  }

  private static func policy(at path: String) throws -> FatiguePolicy {
    guard isFolder(path) else { return try FatiguePolicy(file: path) }
    let checked = CheckedFolder(path)
    guard let compiled = checked.compiled else { throw checked.diagnostics }
    return compiled.fatigue
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Told by its first line: events say `user` and `event`, candidates `user` and `business`.
  private static func holdsCandidates(_ path: String) throws -> Bool {
    var file = try LineFile(path: path)
    guard case .success(let line)? = try file.next()?.content else { return false }
    if case .success = CandidateLineDecoder().decode(line) { return true }
    return false
  }
}
