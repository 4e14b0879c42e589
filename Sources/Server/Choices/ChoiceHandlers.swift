import API
import AttuneModel
import Hummingbird
import Reach
import Runtime

/// What was learned of copies.
struct ChoiceHandlers: Sendable {
  let driver: Driver

  /// Of the copies of a business with `choose: learned`, or of a campaign's.
  func getChoice(_ call: Call) async throws -> Response {
    let name = try call.part("business", "business")
    let (report, learned) = await driver.read { ($0.choiceReport(of: name), $0.learnedChoices) }
    guard let report else {
      throw Problem(
        .notFound, "unknown-choice", "nothing is learned of '\(name)'",
        hint: nearest(to: name, among: learned).map { "did you mean '\($0)'?" }
          ?? "a business learns with 'choose: learned', a campaign from its launch on")
    }
    return try .json(.ok, ChoiceAnswer(of: name, report))
  }
}
