import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Rules
import Runtime

struct RulesMatch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "match",
    abstract: "Run rules over a stream of events: one match a line, as soon as it is known.",
    discussion: """
      A line of the stream is one of these; instants are epoch milliseconds or RFC 3339, and \"user\" may be missing:
        {"id"?, "user"?, "event", "ts", PROPERTY...}
        {"watermark": ms}
        {"clock": ms}
      A line of the output is one of these; an event without an id is named by its number, from 0:
        {"rule", "version", "key": [...], "at": ms, "events": {ALIAS: [id, ...]}, "emit": {...}}
        {"retracted": {the match that a late event takes back}}
        {"late": {"id", "user", "event", "ts"}}
      The end of the stream is the end of time. The first line that cannot be read ends the run with exit code 65; \
      what was printed before it stays true.
      """)

  /// What moves time.
  enum Watermarks: String, ExpressibleByArgument, CaseIterable {
    /// The events themselves, and the lines that say so.
    case auto
    /// Only lines that say so.
    case explicit
  }

  @Option(parsing: .upToNextOption, help: "The rules: files of YAML, one document a rule.") var rules: [String]
  @Option(help: "The events: NDJSON, plain or .gz; - for standard input.") var events: String
  @Option(help: "Time follows the events (auto), or only lines with a watermark or a clock (explicit).")
  var watermarks = Watermarks.auto
  @Option(help: "Open attempts of one rule and key; more are refused (default: no limit).")
  var attempts: Int?
  @Option(help: "With automatic watermarks: how late events may come.") var lateness = "1s"
  @Option(help: "The time zone of the days and hours in rules.") var zone = "UTC"

  func validate() throws {
    if rules.isEmpty { throw ValidationError("--rules names one file at least") }
    if let attempts, attempts < 1 { throw ValidationError("--attempts is from 1") }
    if TimeSpan(lateness) == nil { throw ValidationError("--lateness is a duration: 250ms, 30s, 10m, 4h or 1d") }
  }

  func run() throws {
    guard let table = ZoneTables.zone(named: zone) else {
      throw Failure.data("there is no time zone '\(zone)' (hint: \(ZoneTables.hint(for: zone)))")
    }
    var warnings = Diagnostics()
    let rules = try RuleFiles.read(rules, zone: table, warnings: &warnings)
    if !warnings.all.isEmpty { Terminal.note("\(warnings)") }
    var stream = RuleStream(
      rules: rules, limits: Matcher.Limits(attempts: attempts ?? .max),
      lateness: watermarks == .explicit ? nil : TimeSpan(lateness))
    var file = try StreamFile(path: events)
    // Whoever pipes lines in may wait for what comes of one before sending the next.
    var lines = OutputLines(held: events == "-" ? 0 : 1 << 16)
    defer { lines.flush() }
    while let line = try file.next() {
      lines.write { stream.take(line, into: &$0) }
    }
    lines.write { stream.finish(into: &$0) }
    let refused = stream.matcher.refusedAttempts
    if refused > 0 { Terminal.note("\(refused.of("attempt")) could not be opened (hint: a higher --attempts)") }
  }
}

/// What came of the stream, written when there is enough of it.
private struct OutputLines {
  /// Bytes that may wait.
  let held: Int
  private var outputs: [RuleStream.Output] = []
  private var text = JSONWriter()

  init(held: Int) { self.held = held }

  mutating func write(_ body: (inout [RuleStream.Output]) -> Void) {
    body(&outputs)
    guard !outputs.isEmpty else { return }
    for output in outputs {
      text.write(output)
      text.newline()
    }
    outputs.removeAll(keepingCapacity: true)
    if text.bytes.count > held { flush() }
  }

  mutating func flush() {
    if !text.bytes.isEmpty { Terminal.out(bytes: text.bytes) }
    text = JSONWriter()
  }
}
