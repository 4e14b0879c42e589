import API
import AttuneModel
import Codec
import Hummingbird
import Ingest
import NIOCore
import Reach
import Runtime

/// The users of a campaign, before its launch.
struct AudienceHandlers: Sendable {
  let driver: Driver

  /// Their ids, a line each; as many requests, of any length, as it takes. A user may be named twice.
  func postAudience(_ call: Call) async throws -> Response {
    let name = try call.part("name", "campaign")
    guard name.isName else {
      throw Problem(.badRequest, "campaign", "no campaign can have this name", hint: String.nameRule)
    }
    if await driver.read({ $0.campaigns[name]?.document != nil }) {
      throw Problem(.conflict, "campaign-launched", "the campaign '\(name)' was launched: its audience is complete")
    }
    var lines = AudienceLines()
    var accepted = 0
    do {
      try await call.stream { chunk in
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
    let total = await driver.read { $0.gathered(for: name) }
    return try .json(.accepted, AudienceAnswer(campaign: name, accepted: accepted, gathered: total))
  }

  /// Forgets the users handed in, to begin again.
  func deleteAudience(_ call: Call) async throws -> Response {
    let name = try call.part("name", "campaign")
    guard try await driver.submit([.campaign(.clear(name))]) == [.accepted] else {
      throw Problem(.conflict, "campaign-launched", "the campaign '\(name)' was launched: its audience is complete")
    }
    return try .json(.ok, ClearedAudienceAnswer(campaign: name))
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
