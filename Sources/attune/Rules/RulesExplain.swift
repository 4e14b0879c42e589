import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Rules

struct RulesExplain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say in words what rules do, draw their states, and warn about rules that overlap or never match.")

  @OptionGroup var source: RuleFilesOption
  @Flag(help: "Draw the states as Mermaid state diagrams.") var mermaid = false
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    var diagnostics = Diagnostics()
    let rules: RuleSet
    do { rules = try source.read(warnings: &diagnostics) } catch let error as Diagnostics where json {
      diagnostics.append(error)
      Terminal.out(Self.json(RuleSet(), diagnostics))
      throw ExitCode(65)
    }
    for warning in rules.rules.flatMap(\.impossibilities) + rules.overlaps {
      diagnostics.warning(warning.mark, warning.message, hint: warning.hint)
    }
    if json {
      Terminal.out(Self.json(rules, diagnostics))
    } else {
      Terminal.out(rules.rules.map(text).joined(separator: "\n\n"))
      if !diagnostics.all.isEmpty { Terminal.note("\(diagnostics)") }
    }
  }

  private func text(_ rule: Rule) -> String {
    let diagram = StateDiagram(rule)
    let drawing = mermaid ? diagram.mermaid : diagram.text
    let lines =
      rule.words + [rule.cost().words, ""]
      + drawing.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return ([rule.name] + lines.map { $0.isEmpty ? "" : "  \($0)" }).joined(separator: "\n")
  }

  /// `{"rules": [{"rule", "file", "line", "words": [...], "cost": {...}, "mermaid"}], "diagnostics": [...]}`; in a
  /// cost, what is left out has no bound. Where there are errors, no rule is told.
  private static func json(_ rules: RuleSet, _ diagnostics: Diagnostics) -> JSONWriter {
    var text = JSONWriter()
    text.object { json in
      json.member("rules") { json in
        json.array(rules.rules) { json, rule in
          json.object { json in
            json.member("rule", rule.name)
            json.member("file", rule.mark.file)
            json.member("line", rule.mark.line)
            json.member("words") { json in json.array(rule.words) { $0.write($1) } }
            json.write(rule.cost(), as: "cost")
            json.member("mermaid", StateDiagram(rule).mermaid)
          }
        }
      }
      json.write(diagnostics.all, as: "diagnostics")
    }
    return text
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ cost: RuleCost, as name: String) {
    member(name) { json in
      json.object { json in
        if let types = cost.eventTypes { json.member("eventTypes") { json in json.array(types) { $0.write($1) } } }
        if let lifetime = cost.lifetime { json.member("lifetime", Int(clamping: lifetime.milliseconds)) }
        let figures = [
          ("openAttempts", cost.openAttempts), ("keptEvents", cost.keptEvents), ("bytesPerKey", cost.bytesPerKey),
          ("testsPerEvent", cost.testsPerEvent), ("growth", cost.growth),
        ]
        for case (let name, let figure?) in figures { json.member(name, figure) }
      }
    }
  }
}
