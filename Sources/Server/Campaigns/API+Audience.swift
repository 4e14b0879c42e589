import Behaviour
import Hummingbird
import Insight
import Model
import NIOCore
import Reach
import Runtime

extension API {
  /// `POST /v1/campaigns/{name}/audience`: the ids of its users, a line each, before it is launched; as many requests,
  /// of any length, as it takes. A user may be named twice.
  @Sendable func postAudience(_ request: Request, _ context: Context) async throws -> Response {
    guard request.mediaType == "text/plain" else { throw request.unsupported("text/plain") }
    guard let name = context.parameters.get("name")?.decodedFromPercent, !name.isEmpty else {
      throw Problem(.badRequest, "campaign", "the address names no campaign")
    }
    if await driver.read({ $0.campaigns[name]?.document != nil }) {
      throw Problem(.conflict, "campaign-launched", "the campaign '\(name)' was launched: its audience is complete")
    }
    var lines = AudienceLines()
    var accepted = 0
    for try await chunk in request.body {
      try lines.take(chunk)
      if lines.users.count >= CampaignOrder.membersLimit { accepted += try await gather(lines.takeUsers(), name) }
    }
    try lines.finish()
    accepted += try await gather(lines.takeUsers(), name)
    let count = accepted
    let total = await driver.read { $0.gathered(for: name) }
    return .json(.accepted) { json in
      json.member("campaign", name)
      json.member("accepted", count)
      json.member("gathered", total)
    }
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

/// Lines of ids out of chunks of bytes.
private struct AudienceLines {
  private(set) var users: [String] = []
  private var rest: [UInt8] = []
  private var line = 1

  mutating func take(_ chunk: ByteBuffer) throws(Problem) {
    for byte in chunk.readableBytesView {
      if byte == 0x0A { try end() } else { rest.append(byte) }
    }
  }

  mutating func finish() throws(Problem) { try end() }

  mutating func takeUsers() -> [String] {
    defer { users = [] }
    return users
  }

  private mutating func end() throws(Problem) {
    if rest.last == 0x0D { rest.removeLast() }
    defer {
      rest.removeAll(keepingCapacity: true)
      line += 1
    }
    if rest.isEmpty { return }
    guard let user = String(validating: rest, as: UTF8.self), rest.count <= Limits.default.userBytes else {
      throw Problem(
        .badRequest, "audience", "line \(line) is no user's id",
        hint: "at most \(Limits.default.userBytes) bytes of UTF-8; the lines before it were taken in")
    }
    users.append(user)
  }
}
