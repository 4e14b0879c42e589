import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Fatigue
import Insight
import Runtime

struct FatigueReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "One verdict for each candidate of a file, in order, as NDJSON.",
    discussion: """
      The policy: {zone, user: {perDay, reserve?, reservePriority?}, scenes: {NAME: {times, window}}, \
      businesses: {NAME: {scene, days, times, minGap, priority?, obeys?, counts?}}}; version 1 reads origin, too.
      A line of candidates is one of these, with the whole new policy in the last:
        {"id", "at", "user", "business", "zone"?}
        {"at", "settle": "commit" | "release" | "unknown", "id"}
        {"at", "policy": {...}}
      Instants are epoch milliseconds. A candidate that passes is reserved, and counts unless a settle line releases \
      it. An id in use by another user or business gets an error instead of a verdict. The first line that cannot be read ends the run with exit code 65; the verdicts before it stay true.
      """)

  @Option(help: "The policy: YAML or JSON.") var policy: String
  @Option(help: "The candidates: NDJSON, plain or .gz; - for standard input.") var candidates: String
  @Option(help: "Fatigue 2, or 1 to compare with.") var version = 2
  @Flag(help: "Print NDJSON, as it always does.") var json = false

  func validate() throws {
    if version != 1 && version != 2 { throw ValidationError("--version is 1 or 2") }
  }

  func run() throws {
    let policy = try FatiguePolicy(file: policy)
    if version == 1 {
      try replay(FatigueReplay<FixedWindowFatigue>(policy: policy))
    } else {
      try replay(FatigueReplay<FatigueTracker>(policy: policy))
    }
  }

  private func replay(_ replay: consuming FatigueReplay<some FatigueControl>) throws {
    var file = try CandidateFile(path: candidates)
    // Whoever pipes lines in may wait for the answer to one before sending the next.
    let held = candidates == "-" ? 0 : 1 << 16
    var lines = JSONWriter()
    defer { Terminal.out(bytes: lines.bytes) }
    try replay.run(&file) { candidate, answer in
      lines.object { json in
        if candidate.idIsInteger {
          json.member("id", digits: candidate.id)
        } else {
          json.member("id", candidate.id)
        }
        switch answer {
        case .success(let verdict): json.members(of: verdict)
        case .failure(let error):
          json.member("error") { json in
            json.object { json in
              json.member("code", "id-in-use")
              json.member("message", error.description)
            }
          }
        }
      }
      lines.newline()
      if lines.bytes.count > held {
        Terminal.out(bytes: lines.bytes)
        lines = JSONWriter()
      }
    }
  }
}
