import Foundation
import Model
import Testing

@testable import Rules

private let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
  .appending(path: "../../../shared/data/cep-cases").standardized
private let folderExists = FileManager.default.fileExists(atPath: folder.path)

/// The cases whose answers Flink 2.3.0 gave, as far as this version's language reaches. `at` is as RULES.md has it.
@Suite(.enabled(if: folderExists, "the folder of cases is not here")) struct CaseTests {
  private struct Case: Decodable {
    struct Pattern: Decodable {
      struct Step: Decodable {
        var name: String
        var type: String
        var contiguity: String
        var times: Times?
        var timesOrMore: Int?
        var oneOrMore: Bool?
        var withinMs: Int?
      }
      var steps: [Step]
      var skip: String
      var withinMs: Int?
    }
    enum Times: Decodable {
      case exactly(Int), range([Int])
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let range = try? container.decode([Int].self) {
          self = .range(range)
        } else {
          self = .exactly(try container.decode(Int.self))
        }
      }
    }
    struct Line: Decodable {
      var e: String?
      var type: String?
      var user: String?
      var ts: Int64?
      var watermark: Int64?
    }
    struct Match: Decodable {
      var user: String
      var events: [String: [String]]
      var ts: Int64
    }
    struct Expected: Decodable { var matches: [Match] }
    var pattern: Pattern
    var input: [Line]
    var expected: Expected

    /// The same pattern in our language.
    var rule: String {
      let steps = pattern.steps.map { step in
        let kind = ["begin": "on", "followedBy": "then", "notFollowedBy": "not"][step.contiguity] ?? step.contiguity
        var parts = ["\(kind): \(step.type)"]
        if kind != "not" { parts.append("as: \(step.name)") }
        switch step.times {
        case .exactly(let count): parts.append("times: \(count)")
        case .range(let range): parts.append("times: \(range[0])..\(range[1])")
        case nil: break
        }
        if let count = step.timesOrMore { parts.append("times: \(count)+") }
        if step.oneOrMore == true { parts.append("times: 1+") }
        if let span = step.withinMs { parts.append("for: \(span)ms") }
        return "{\(parts.joined(separator: ", "))}"
      }
      let skips = ["NO_SKIP": "none", "SKIP_PAST_LAST_EVENT": "pastLast", "SKIP_TO_LAST[b]": "toLast(b)"]
      let within = pattern.withinMs.map { "\($0)ms" } ?? "1000d"
      return "{rule: r, pattern: [\(steps.joined(separator: ", "))], within: \(within), "
        + "skip: \(skips[pattern.skip] ?? pattern.skip)}"
    }
  }

  /// Where RULES.md parts from Flink, or the instant is the deadline: `user at events`.
  private static let stated: [Int: [String]] = [
    25: ["u1 2980000 a3"],
    27: ["u1 2800000 a1"],
    33: [],
    43: ["u1 3340000 v1 v2 v3"],
    47: ["u1 3340000 v1 v2 v3"],
    49: [
      "u1 2800000 v1 v2", "u1 2800000 v1 v2 v3", "u1 2800010 v2 v3", "u2 2800000 v11 v12 v13", "u2 2800010 v12 v13",
    ],
    53: ["u1 2800000 v1 v2 v3"],
  ]

  @Test(arguments: [1, 5, 7, 9, 13, 15, 17, 19, 23, 25, 27, 29, 33, 35, 39, 41, 43, 47, 49, 51, 53])
  func answersAsStated(_ number: Int) throws {
    let prefix = number < 10 ? "0\(number)-" : "\(number)-"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let name = try #require(files.first { $0.hasPrefix(prefix) })
    let data = try Data(contentsOf: folder.appending(path: name))
    let found = try JSONDecoder().decode(Case.self, from: data)

    var bench = Bench(ruleSet(found.rule))
    var waiting: [Event] = []
    var watermark = Int64.min
    for line in found.input {
      if let at = line.watermark {
        watermark = at
        release(&waiting, through: at, &bench)
        bench.pass(to: at)
      } else if let id = line.e, let type = line.type, let user = line.user, let at = line.ts {
        let event = event(type, at, user: user, id: id)
        if at <= watermark { bench.late(event) } else { waiting.append(event) }
      }
    }
    release(&waiting, through: .max, &bench)
    bench.finish()

    let names = found.pattern.steps.map(\.name)
    let expected =
      Self.stated[number]
      ?? found.expected.matches.map { match in
        "\(match.user) \(match.ts) \(names.flatMap { match.events[$0] ?? [] }.joined(separator: " "))"
      }
    let told = bench.matches.map { match in
      "\(match.user) \(match.at.milliseconds) \(match.events.flatMap(\.events).compactMap(\.id).joined(separator: " "))"
    }
    #expect(told.sorted() == expected.sorted(), "\(name): \(found.rule)")
    #expect(bench.matcher == Bench.idle)
  }

  private func release(_ waiting: inout [Event], through watermark: Int64, _ bench: inout Bench) {
    let due = waiting.enumerated().filter { $0.element.at.milliseconds <= watermark }
      .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
    waiting.removeAll { $0.at.milliseconds <= watermark }
    for (_, event) in due { bench.send(event) }
  }
}
