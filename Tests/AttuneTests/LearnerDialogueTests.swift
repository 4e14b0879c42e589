import AttuneModel
import Codec
import Foundation
import Insight
import Learning
import Testing

@testable import attune

@Suite struct LearnerDialogueTests {
  private func dialogue(_ quotas: Quotas?, arms: Int, pending: Int = 100) -> LearnerDialogue {
    var configuration = LearnerConfiguration()
    configuration.floor = 0
    return LearnerDialogue(arms: arms, quotas, configuration, seed: 1, pending: pending)
  }

  private func ask(_ dialogue: inout LearnerDialogue, _ line: String) throws -> [String: Any]? {
    var json = JSONWriter()
    dialogue.answer(7, .success(Array(line.utf8)), into: &json)
    guard !json.bytes.isEmpty else { return nil }
    return try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any]
  }

  /// Features are hashed to a vector, of which nobody who sent them knows.
  @Test func questionsOfARunAreOfOneKind() throws {
    for (first, second, word) in [
      (#"{"id":1,"features":{"city":"x"}}"#, #"{"id":2,"x":[1,2]}"#, "those before had features"),
      (#"{"id":1,"x":[1,2]}"#, #"{"id":2,"features":{"city":"x"}}"#, "those before had one"),
      (#"{"id":1,"x":[1,2]}"#, #"{"id":2,"x":[1]}"#, "'x' has 1 numbers; the first had 2"),
      (#"{"id":1,"x":[1,2]}"#, #"{"id":2,"x":[1,2],"features":{"a":1}}"#, "both 'x' and 'features'"),
    ] {
      var dialogue = dialogue(nil, arms: 2)
      #expect(try ask(&dialogue, first)?["arm"] is Int)
      let error = try ask(&dialogue, second)?["error"] as? String
      #expect(error?.contains(word) == true, "\(error ?? "none")")
    }
  }

  @Test func wrongLinesAreAnsweredAndChangeNothing() throws {
    var dialogue = dialogue(nil, arms: 2, pending: 2)
    #expect(try ask(&dialogue, #"{"id":1,"x":[0.5,1]}"#)?["arm"] is Int)
    let wrong = [
      "nonsense", "{}", #"{"id":2}"#, #"{"id":1,"x":[0.5,1]}"#, #"{"id":2,"x":[1]}"#, #"{"id":2,"x":[NaN,1]}"#,
      #"{"id":2,"x":[1e999,1]}"#, #"{"id":2,"p":[0.1]}"#, #"{"id":2,"p":[0.1,2]}"#, #"{"id":9,"reward":1}"#,
      #"{"id":1,"reward":0.5}"#, #"{"id":2,"x":[1,1],"reward":1}"#,
    ]
    for line in wrong {
      let answer = try ask(&dialogue, line)
      #expect(answer?["error"] is String && answer?["line"] as? Int == 7, "\(line)")
    }
    #expect(try ask(&dialogue, #"{"id":1,"reward":1}"#) == nil)
    #expect(try ask(&dialogue, #"{"id":1,"reward":1}"#)?["error"] is String, "a reward comes once")
    for id in 2...4 { #expect(try ask(&dialogue, #"{"id":\#(id),"x":[0.5,1]}"#)?["arm"] is Int) }
    #expect(try ask(&dialogue, #"{"id":2,"reward":1}"#)?["error"] is String, "2 of 2 that can wait came after it")
    #expect(dialogue.tally.rewards == 1 && dialogue.tally.errors == wrong.count + 2)
  }

  @Test func quotasHoldAndTheSummaryTellsTheBound() throws {
    let quotas = try Quotas(rounds: 60, copies: 2, maximum: [10, 20], minimum: [0, 5], budget: 25)
    var dialogue = dialogue(quotas, arms: 2)
    var sends = [0, 0]
    var generator = SeededGenerator(seed: 3)
    for id in 0..<60 {
      let answer = try ask(&dialogue, #"{"id":\#(id),"p":[\#(generator.fraction()),\#(generator.fraction() / 2)]}"#)
      if let arm = answer?["arm"] as? Int { sends[arm] += 1 }
    }
    #expect(sends[0] <= 10 && (5...20).contains(sends[1]) && sends[0] + sends[1] <= 25)
    var json = JSONWriter()
    dialogue.summarise(into: &json)
    let whole = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: [String: Any]]
    let summary = try #require(whole?["summary"])
    let ratio = try #require(summary["ratio"] as? Double)
    #expect(ratio > 0.8 && ratio <= 1 && summary["boundFrom"] as? String == "p")
    #expect(summary["sends"] as? [Int] == sends)
  }
}
