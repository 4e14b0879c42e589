import API
import AttuneModel
import Hummingbird
import Platform
import Reach
import Runtime

/// What was learned of copies.
struct ChoiceHandlers: Sendable {
  let driver: Driver
  let work: WorkQueue

  /// Of the copies of a business with `choose: learned`, or of a campaign's.
  func getChoice(_ call: Call) async throws -> Response {
    let name = try call.part("business", "business")
    let engine = await driver.read(\.withoutUsers)
    let (report, learned) = await work.run { (engine.choiceReport(of: name), engine.learnedChoices) }
    guard let report else {
      throw Problem(
        .notFound, "unknown-choice", "nothing is learned of '\(name)'",
        hint: nearest(to: name, among: learned).map { "did you mean '\($0)'?" }
          ?? "a business learns with 'choose: learned', a campaign from its launch on")
    }
    return try .json(.ok, ChoiceAnswer(of: name, report))
  }
}
