import AttuneModel
import Codec
import Testing

@testable import Ingest

/// Lines of a log of decisions.
@Suite struct DecisionLineTests {
  private func decode(_ line: String) -> Result<DecisionLine, Refusal> {
    DecisionLineDecoder().decode(Array(line.utf8))
  }

  private func refusal(_ line: String) -> Refusal? {
    if case .failure(let refusal) = decode(line) { refusal } else { nil }
  }

  @Test func whatALineCanBe() throws {
    let vector = try decode(
      #"{"context":[0.5,-1],"arms":3,"arm":2,"reward":1,"propensity":0.25,"target":[0.5,0.25,0.25]}"#
    ).get()
    #expect(
      vector
        == DecisionLine(
          context: .vector([0.5, -1]), arms: .count(3), arm: 2, reward: 1, propensity: 0.25,
          target: [0.5, 0.25, 0.25]))
    let named = try decode(
      #"{"arm":1,"arms":["春装",7],"context":{"city":"杭州","age":31,"likes":["a","b"]},"propensity":1e-3,"reward":0,"id":9}"#
    ).get()
    #expect(named.arms == .names(["春装", "7"]) && named.arms.count == 2 && named.target == nil)
    #expect(
      named.context
        == .features([
          Property("city", .string("杭州")), Property("age", .number(31)),
          Property("likes", .list([.string("a"), .string("b")])),
        ]))
    let byName = try decode(#"{"arm":"b","arms":["a","b"],"propensity":1,"reward":0}"#).get()
    #expect(byName.arm == 1)
    let bare = try decode(#"{"context":null,"arms":1,"arm":0,"reward":0,"propensity":1,"target":null}"#).get()
    #expect(bare.context == .features([]) && bare.target == nil)
  }

  @Test(arguments: [
    (#"{"arms":2,"arm":2,"reward":0,"propensity":1}"#, "/arm", "arm 2 is none of the 2 arms"),
    (#"{"arms":["A","C"],"arm":"B","reward":0,"propensity":1}"#, "/arm", "'B' is none of the arms"),
    (#"{"arms":2,"arm":"B","reward":0,"propensity":1}"#, "/arm", "the arm is called 'B', and 'arms' says only"),
    (#"{"arms":2,"arm":-1,"reward":0,"propensity":1}"#, "/arm", "arm is no whole number from 0 to 9999"),
    (#"{"arms":2,"arm":0.5,"reward":0,"propensity":1}"#, "/arm", "arm is no whole number from 0 to 9999"),
    (#"{"arms":0,"arm":0,"reward":0,"propensity":1}"#, "/arms", "there are no arms"),
    (#"{"arms":[],"arm":0,"reward":0,"propensity":1}"#, "/arms", "there are no arms"),
    (#"{"arms":["a","a"],"arm":0,"reward":0,"propensity":1}"#, "/arms/1", "the arm 'a' is there twice"),
    (#"{"arms":["a",null],"arm":0,"reward":0,"propensity":1}"#, "/arms/1", "an arm's name is text or an integer"),
    (#"{"arms":1e9,"arm":0,"reward":0,"propensity":1}"#, "/arms", "arms is no whole number from 0 to 10000"),
    (#"{"arms":2,"arm":0,"propensity":1}"#, "/reward", "'reward' is missing"),
    (#"{"arms":2,"arm":0,"reward":0,"propensty":1}"#, "/propensity", "'propensity' is missing"),
    (#"{"arms":2,"arm":0,"reward":"1","propensity":1}"#, "/reward", "reward is a number, found text"),
    (#"{"arms":2,"arm":0,"reward":true,"propensity":1}"#, "/reward", "reward is a number, found true or false"),
    (
      #"{"arms":2,"arm":0,"reward":0,"propensity":1,"target":[0.5,"x"]}"#, "/target/1", "a number of target is a number"
    ),
    (#"{"context":[1,null],"arms":2,"arm":0,"reward":0,"propensity":1}"#, "/context/1", "a number of context is a"),
    (#"{"context":3,"arms":2,"arm":0,"reward":0,"propensity":1}"#, "/context", "the context is an object of features"),
    (#"{"arms":2,"arm":0,"arm":1,"reward":0,"propensity":1}"#, "/arm", "'arm' is given twice"),
    (#"{"arms":2,"arm":0,"reward":NaN,"propensity":1}"#, "/reward", "expected a value, found 'NaN'"),
    ("nonsense", "", "expected a value, found 'nonsense'"), ("null", "", "a decision is an object, found null"),
    ("nul", "", "expected a value, found 'nul'"), ("true1", "", "expected a value, found 'true1'"),
    ("false", "", "a decision is an object, found true or false"), ("-", "", "expected a digit, found the end"),
    ("\"x", "", "the string that starts at byte 0 is not closed"),
    ("[1", "", "a decision is an object, found an array"),
    (
      #"{"arms":["a",null],"arm":0,"reward":1,"propensity":1}"#, "/arms/1",
      "an arm's name is text or an integer, found null"
    ),
    (#"[1]"#, "", "a decision is an object"),
  ]) func whatIsRefused(_ line: String, _ pointer: String, _ message: String) {
    let refusal = refusal(line)
    #expect(
      refusal?.pointer == pointer && refusal?.message.hasPrefix(message) == true, "\(String(describing: refusal))")
  }

  @Test func aMisspeltNameIsGuessed() {
    let hint = refusal(#"{"arms":2,"arm":0,"reward":0,"propensty":1}"#)?.hint
    #expect(hint == "is 'propensty' meant to be 'propensity'?")
  }

  @Test func probabilities() throws {
    #expect(try DecisionLineDecoder().decode(probabilities: Array("[0.25, 0.75]".utf8)).get() == [0.25, 0.75])
    #expect(throws: Refusal.self) { try DecisionLineDecoder().decode(probabilities: Array("{}".utf8)).get() }
  }
}
