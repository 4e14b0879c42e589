import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Runtime

struct RulesTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Test rules: run made-up events through them, and compare what they match.",
    discussion: """
      A file of tests names the rules it is about, relative to itself:
        rules: [../hesitating-buyer.yaml]
        tests:
          - name: looks three times
            events:
              - { at: 0s, user: u1, event: view, item: x, price: 80 }
              - { at: 1m, user: u1, event: view, item: x, price: 80 }
              - { at: 2m, user: u1, event: view, item: x, price: 80 }
              - { clock: 3h }
            expect:
              - { rule: hesitating-buyer, key: [u1, x], at: 32m, emit: { item: x, views: 3, price: 80 } }
      What a row leaves out is not compared. Where it has 'emit', everything that is emitted is compared.
      The exit code is 1 if a test fails, and 65 if a file has errors.
      """)

  @Argument(help: "The files of tests.") var files: [String]
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    var diagnostics = Diagnostics()
    var sound: [RuleTestFile] = []
    for path in files {
      do throws(Diagnostics) { sound.append(try RuleTestFile(path: path, warnings: &diagnostics)) } catch {
        diagnostics.append(error)
      }
    }
    let isSound = diagnostics.errors.isEmpty
    if !isSound, !json { throw diagnostics }
    let results = isSound ? sound.map { (file: $0.path, outcomes: $0.run()) } : []
    if json {
      Terminal.out(Self.json(results, diagnostics))
    } else {
      if !diagnostics.all.isEmpty { Terminal.note("\(diagnostics)") }
      Terminal.out(results.map { Self.text($0.file, $0.outcomes) }.joined(separator: "\n"))
    }
    if !isSound { throw ExitCode(65) }
    if results.contains(where: { $0.outcomes.contains { !$0.passed } }) { throw ExitCode(1) }
  }
}

extension RulesTest {
  fileprivate static func text(_ file: String, _ outcomes: [RuleTestOutcome]) -> String {
    let failed = outcomes.filter { !$0.passed }
    let tests = "\(outcomes.count) test\(outcomes.count == 1 ? "" : "s")"
    guard !failed.isEmpty else { return "\(file)\n  SUCCESS: \(tests)" }
    let details = failed.map { outcome in
      "    \(outcome.name) (line \(outcome.mark.line))\n" + outcome.differences.map(text).joined(separator: "\n")
    }
    return "\(file)\n  FAILED: \(failed.count) of \(tests)\n" + details.joined(separator: "\n")
  }

  private static func text(_ difference: RuleTestOutcome.Difference) -> String {
    switch difference {
    case .missing(let row, let mark): "      missing     \(row) (line \(mark.line))"
    case .unexpected(let row): "      unexpected  \(row)"
    case .other(let row, let mark, _, let fields):
      "      different   \(row) (line \(mark.line))\n"
        + fields.map { "        \($0.name): expected \($0.expected), got \($0.got)" }.joined(separator: "\n")
    }
  }

  /// `{"passed", "files": [{"file", "passed", "tests": [{"name", "line", "passed", "differences": [...]}]}],
  /// "diagnostics": [...]}`; with errors nothing was run.
  fileprivate static func json(
    _ results: [(file: String, outcomes: [RuleTestOutcome])], _ diagnostics: Diagnostics
  ) -> JSONWriter {
    var text = JSONWriter()
    text.object { json in
      json.member(
        "passed", diagnostics.errors.isEmpty && results.allSatisfy { $0.outcomes.allSatisfy(\.passed) })
      json.member("files") { json in
        json.array(results) { json, result in
          json.object { json in
            json.member("file", result.file)
            json.member("passed", result.outcomes.allSatisfy(\.passed))
            json.member("tests") { json in json.array(result.outcomes) { $0.write($1) } }
          }
        }
      }
      json.write(diagnostics.all, as: "diagnostics")
    }
    return text
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ outcome: RuleTestOutcome) {
    object { json in
      json.member("name", outcome.name)
      json.member("line", outcome.mark.line)
      json.member("passed", outcome.passed)
      json.member("differences") { json in json.array(outcome.differences) { $0.write($1) } }
    }
  }

  /// `{"kind", "line"?, "expected"?, "got"?, "fields"?: [{"name", "expected", "got"}]}`
  private mutating func write(_ difference: RuleTestOutcome.Difference) {
    object { json in
      switch difference {
      case .missing(let row, let mark):
        json.member("kind", "missing")
        json.member("line", mark.line)
        json.member("expected", row.description)
      case .unexpected(let row):
        json.member("kind", "unexpected")
        json.member("got", row.description)
      case .other(let row, let mark, let got, let fields):
        json.member("kind", "different")
        json.member("line", mark.line)
        json.member("expected", row.description)
        json.member("got", got.description)
        json.member("fields") { json in
          json.array(fields) { json, field in
            json.object { json in
              json.member("name", field.name)
              json.member("expected", field.expected)
              json.member("got", field.got)
            }
          }
        }
      }
    }
  }
}
