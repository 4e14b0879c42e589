import AttuneModel
import Foundation
import Testing

@testable import Rules

private let folderExists = FileManager.default.fileExists(atPath: FlinkCase.folder.path)

/// Flink's answers to the cases, save where RULES.md states another. `at` is as RULES.md has it.
@Suite(.enabled(if: folderExists, "the folder of cases is not here")) struct CaseTests {
  private struct Answer {
    var matches: [String]
    /// The sentence of RULES.md that parts from Flink.
    var because: String
  }

  private static let deadline = "a match's `at` is its absence's deadline (Flink: the watermark that released it)"
  private static let last = "`for` fires at last + duration, always"
  private static let stated: [Int: Answer] = [
    25: Answer(matches: ["u1 2980000 a3"], because: deadline),
    27: Answer(matches: ["u1 2800000 a1"], because: deadline),
    // 1400000 + 1800000. The views of u2 are 400000 apart, and a gap is less than 300000.
    31: Answer(matches: ["u1 3200000 v1 v2 v3"], because: last),
    33: Answer(matches: [], because: "a late event cancels what is open and retracts what fired"),
    43: Answer(matches: ["u1 3340000 v1 v2 v3"], because: last),
    47: Answer(matches: ["u1 3340000 v1 v2 v3"], because: last),
    // u1: v2 v3 too completes the positive part, and waits until first + within.
    // u2: b1 cancels the wait of v11 v12 and comes before the last event of the two others.
    49: Answer(
      matches: [
        "u1 2800000 v1 v2", "u1 2800000 v1 v2 v3", "u1 2800010 v2 v3", "u2 2800000 v11 v12 v13", "u2 2800010 v12 v13",
      ], because: "`not` forbids only from the step before it on"),
    53: Answer(matches: ["u1 2800000 v1 v2 v3"], because: deadline),
  ]

  @Test(arguments: Array(stride(from: 1, through: 53, by: 2))) func answersAsStated(_ number: Int) throws {
    let found = try #require(try FlinkCase.numbered(number))
    var stream = RuleStream(rules: ruleSet(found.rule), lateness: nil)
    var outputs: [RuleStream.Output] = []
    for line in found.input {
      let before = outputs.count
      let watermark = stream.watermark
      if let at = line.watermark {
        stream.advance(to: Instant(milliseconds: at), into: &outputs)
      } else if let event = line.event {
        stream.send(event, into: &outputs)
      }
      for case .match(let match) in outputs[before...] {
        #expect(watermark < match.at && match.at <= stream.watermark, "told in its time")
      }
    }
    stream.finish(into: &outputs)

    var told: [String] = []
    var late: [String] = []
    for output in outputs {
      switch output {
      case .match(let match):
        let ids = match.events.flatMap(\.events).compactMap(\.id)
        told.append("\(match.user) \(match.at.milliseconds) \(ids.joined(separator: " "))")
      case .late(let event): late.append(event.id ?? "")
      case .retracted(let match): Issue.record("\(found.name) retracted \(match)")
      }
    }
    let stated = Self.stated[number]
    let why: Comment = "\(found.name): \(found.rule) \(stated?.because ?? "as Flink")"
    #expect(told.sorted() == (stated?.matches ?? found.flinksAnswers).sorted(), why)
    #expect(late == found.expected.late, why)
    #expect(stream.openAttemptsAtTheEnd == 0, why)
  }

  /// Case 33 with the watermark past the deadline: what fired is taken back, within the hour.
  @Test(arguments: [(2_900_000, 1), (6_399_999, 1), (6_400_001, 0)] as [(Int64, Int)])
  func aLateEventRetractsWhatFired(_ watermark: Int64, _ count: Int) throws {
    let found = try #require(try FlinkCase.numbered(33))
    var stream = RuleStream(rules: ruleSet(found.rule), lateness: nil)
    var outputs: [RuleStream.Output] = []
    stream.send(event("A", 1_000_000, id: "a1"), into: &outputs)
    stream.advance(to: Instant(milliseconds: watermark), into: &outputs)
    let late = event("B", 2_799_999, id: "b1")
    stream.send(late, into: &outputs)
    guard case .match(let match)? = outputs.first, outputs.count > 1 else {
      Issue.record("\(outputs)")
      return
    }
    #expect(match.at.milliseconds == 2_800_000 && outputs[1] == .late(late))
    #expect(Array(outputs[2...]) == Array(repeating: .retracted(match), count: count))
    // Once is enough.
    let before = outputs.count
    stream.send(late, into: &outputs)
    #expect(outputs.count == before + 1)
  }
}

extension RuleStream {
  /// What the end of time leaves open.
  var openAttemptsAtTheEnd: Int {
    var matcher = matcher
    var matches: [Match] = []
    matcher.fire(through: .distantFuture, profile: { _ in [] }, rules: rules, into: &matches)
    return matcher.openAttempts
  }
}

extension FlinkCase.Line {
  var event: Event? {
    guard let e, let type, let user, let ts else { return nil }
    return Event(
      id: e, user: user, name: type, at: Instant(milliseconds: ts),
      properties: item.map { [Property("item", .string($0))] } ?? [])
  }
}
