import AttuneModel
import Codec
import HTTPTypes
import Hummingbird
import Insight
import Reach
import Runtime

extension API {
  /// `GET /v1/choices/{business}`: what is known of the copies of a business with `choose: learned`, or of a campaign's.
  @Sendable func getChoice(_ request: Request, _ context: Context) async throws -> Response {
    guard let name = context.parameters.get("business")?.decodedFromPercent, !name.isEmpty else {
      throw Problem(.badRequest, "business", "the address names no business")
    }
    let (report, learned) = await driver.read { ($0.choiceReport(of: name), $0.learnedChoices) }
    guard let report else {
      throw Problem(
        .notFound, "unknown-choice", "nothing is learned of '\(name)'",
        hint: nearest(to: name, among: learned).map { "did you mean '\($0)'?" }
          ?? "a business learns with 'choose: learned', a campaign from its launch on")
    }
    return .json(.ok) { json in
      json.member("business", name)
      json.write(report)
    }
  }
}
