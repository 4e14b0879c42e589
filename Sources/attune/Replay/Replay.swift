import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Foundation
import Insight
import Reach
import Runtime
import Store

struct Replay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a recorded log in event time through everything; nothing leaves the machine.",
    discussion: """
      Each send counts as accepted at once; the end of the file is the end of time. With --store the run is journaled, \
      and one that was killed resumes where it was.
      """)

  @Option(help: "The configuration folder.") var config: String
  @Option(help: "The log: NDJSON, plain or .gz.") var events: String
  @Option(help: "Profiles: NDJSON, plain or .gz, read before the log.") var users: String?
  @Option(help: "A folder to journal the run in.") var store: String?
  @Option(
    help: "Write a line of JSON for each answer given, by instant; of one instant and user, as they were decided.")
  var decisions: String?
  @Flag(help: "Print the counts as JSON.") var json = false

  func run() throws {
    let source = Runtime.Replay.Source(configuration: try CheckedFolder.sound(config), events: events, users: users)
    let opened = try store.map { try StoreFolder.open($0) }
    let file = try decisions.map { try OutputFile($0) }
    var replay = try Runtime.Replay(
      source, store: opened,
      observe: { effects in
        guard let file else { return }
        var lines = JSONWriter()
        // Partitions decide side by side; within one, the traces stand in the order of decision.
        let order = effects.traces.indices.sorted { (effects.traces[$0].at, $0) < (effects.traces[$1].at, $1) }
        for index in order {
          lines.write(effects.traces[index])
          lines.newline()
        }
        try file.write(lines.bytes)
      },
      progress: { Terminal.progress(replaying: $0) })
    // Only now: a run that is refused leaves the decisions of another as they are.
    file?.clear()
    let summary = try replay.run()
    Terminal.endProgress()
    try opened?.close()
    for problem in summary.problems { Terminal.note(problem) }
    for line in summary.unmatched { Terminal.note(line) }
    if json { Terminal.out(Self.json(summary)) } else { Terminal.out(Self.text(summary)) }
    if summary.tookNothing {
      throw Failure.data("\(events): none of the \(summary.events.grouped) lines is an event")
    }
  }

  private static func json(_ summary: ReplaySummary) -> JSONWriter {
    var text = JSONWriter()
    text.object { json in
      json.member("events", summary.events)
      json.member("accepted", summary.accepted)
      json.member("duplicates", summary.duplicates)
      json.member("late", summary.late)
      json.member("invalid", summary.invalid)
      json.member("users", summary.users)
      json.member("invalidUsers", summary.invalidUsers)
      json.member("matches", summary.matches)
      json.member("candidates", summary.candidates)
      json.member("sent", summary.sent)
      json.member("refused") { json in
        json.object { json in for (reason, count) in summary.refused { json.member(reason, count) } }
      }
      json.member("deferred", summary.deferred)
      json.member("retracted", summary.retracted)
      json.member("pending", summary.pending)
      json.member("funnel") { $0.write(Funnel(summary.tally, by: .business)) }
    }
    return text
  }

  private static func text(_ summary: ReplaySummary) -> String {
    let funnel = Funnel(summary.tally, by: .business)
    let profiles = summary.users + summary.invalidUsers
    let users =
      profiles > 0 ? "\(profiles.of("profile")): \(summary.invalidUsers.grouped) invalid\n" : ""
    return users + """
      \(summary.events.of("event")): \(summary.accepted.grouped) accepted, \(summary.duplicates.grouped) duplicates, \
      \(summary.late.grouped) late, \(summary.invalid.grouped) invalid
      \(summary.matches.of("match", "matches")), \(summary.candidates.of("candidate")): \(summary.sent.grouped) sent, \
      \(funnel.total[.refused].grouped) refused, \(summary.pending.grouped) still put off \
      (put off \(summary.deferred.of("time")))

      \(funnel.table)

      \(funnel.chart())
      """
  }
}

/// A file written from its beginning, once it is cleared.
private struct OutputFile {
  private let path: String
  private let handle: FileHandle

  init(_ path: String) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: path) || files.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw Failure.data("\(path): cannot be written") }
    self.path = path
    self.handle = handle
  }

  /// A pipe cannot be, and need not.
  func clear() { try? handle.truncate(atOffset: 0) }

  func write(_ bytes: [UInt8]) throws {
    do { try handle.write(contentsOf: Data(bytes)) } catch {
      throw Failure.output("\(path): cannot be written further", error)
    }
  }
}
