import AttuneModel
import Codec
import Hummingbird
import Ingest
import Insight
import NIOCore
import Reach
import Runtime

extension API {
  /// `POST /v1/campaigns/{name}/audience`: the ids of its users, a line each, before it is launched; as many requests,
  /// of any length, as it takes. A user may be named twice.
  @Sendable func postAudience(_ request: Request, _ context: Context) async throws -> Response {
    guard request.mediaType == "text/plain" else { throw request.unsupported("text/plain") }
    let name = try campaign(context)
    guard name.isName else {
      throw Problem(.badRequest, "campaign", "no campaign can have this name", hint: String.nameRule)
    }
    if await driver.read({ $0.campaigns[name]?.document != nil }) {
      throw Problem(.conflict, "campaign-launched", "the campaign '\(name)' was launched: its audience is complete")
    }
    var lines = AudienceLines()
    var accepted = 0
    do {
      for try await chunk in request.body {
        try lines.take(chunk.readableBytesView)
        if lines.users.count >= CampaignOrder.membersLimit { accepted += try await gather(lines.takeUsers(), name) }
      }
      try lines.finish()
    } catch let refusal as Refusal {
      _ = try await gather(lines.takeUsers(), name)
      throw Problem(
        .badRequest, "audience", "\(refusal.pointer): \(refusal.message)",
        hint: "\(refusal.hint ?? ""); the lines before it were taken in")
    }
    accepted += try await gather(lines.takeUsers(), name)
    let count = accepted
    let total = await driver.read { $0.gathered(for: name) }
    return .json(.accepted) { json in
      json.member("campaign", name)
      json.member("accepted", count)
      json.member("gathered", total)
    }
  }

  /// `DELETE /v1/campaigns/{name}/audience`: forgets the users handed in, to begin again.
  @Sendable func clearAudience(_ request: Request, _ context: Context) async throws -> Response {
    let name = try campaign(context)
    guard try await driver.submit([.campaign(.clear(name))]) == [.accepted] else {
      throw Problem(.conflict, "campaign-launched", "the campaign '\(name)' was launched: its audience is complete")
    }
    return .json(.ok) { json in json.member("campaign", name) }
  }

  private func gather(_ users: [String], _ name: String) async throws -> Int {
    if users.isEmpty { return 0 }
    let answers = try await driver.submit(CampaignOrder.members(of: name, users).map(Input.campaign))
    guard answers.allSatisfy({ $0 == .accepted }) else {
      throw Problem(.conflict, "campaign-launched", "the campaign '\(name)' was launched meanwhile")
    }
    return users.count
  }
}
