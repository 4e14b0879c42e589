import AttuneModel
import Foundation
import TestSupport
import Testing

/// `kill -9` while a campaign is sent: everybody gets exactly one decision, and no quota is exceeded by one.
@Suite(.serialized) struct CampaignKillTests {
  private static let users = 40_000
  private static let total = 24_000
  private static let most = 8_000

  private static let document = """
    campaign: singles-day
    scene: trade
    fatigue: { days: 1, times: 1, minGap: 0s }
    audience: { file: users.txt }
    holdout: 5%
    waves: { share: 10%, every: 0s }
    quotas: { total: \(total), copies: { a: { max: \(most) } } }
    materials:
      - { id: a, title: "双十一", body: "{{user}}" }
      - { id: b, title: "Singles' Day", body: "{{user}}" }
    """

  private struct Status: Decodable {
    var status: String
    var audience: Int
    var remaining: Int
    var sent: Int
    var held: Int
    var heldOut: Int
    var refused: Int
    var deferred: Int
  }

  private let shop: TemporaryFolder
  private let folder: TemporaryFolder
  private let store: String

  init() throws {
    shop = try TemporaryFolder(Shop.files())
    folder = try TemporaryFolder()
    store = folder.path("store")
  }

  @Test(.timeLimit(.minutes(10))) func everybodyOnceWhateverDies() async throws {
    let seed = UInt64.random(in: 0...(.max))
    var random = SeededGenerator(seed: seed)
    let context: Comment = "seed \(seed)"
    let first = try await Service.start(config: shop.path, store: store)
    defer { first.program.kill() }
    for start in stride(from: 0, to: Self.users, by: 20_000) {
      let lines = (start..<start + 20_000).map { "u\($0)\n" }.joined()
      // The client does not know whether it was taken in: it hands the first users in twice.
      let body = start == 0 ? lines + lines : lines
      let reply = try await Client.post(
        first.url + "/v1/campaigns/singles-day/audience", body, type: "text/plain", within: 60)
      #expect(reply.status == 202, context)
    }
    _ = try await launch(at: first)
    try await Task.sleep(for: .milliseconds(Int.random(in: 100...2500, using: &random)))
    first.program.kill()
    var deaths = 1
    while deaths < 5 {
      let service = try await Service.start(config: shop.path, store: store)
      defer { service.program.kill() }
      // Launched again each time, as by an impatient operator or a retrying script.
      #expect([200, 202].contains(try await launch(at: service)), context)
      try await Task.sleep(for: .milliseconds(Int.random(in: 50...2500, using: &random)))
      service.program.kill()
      _ = try await service.program.ended()
      deaths += 1
    }
    let last = try await Service.start(config: shop.path, store: store)
    defer { last.program.kill() }
    let isOver = try await eventually(within: .seconds(150)) { try await status(at: last).status == "finished" }
    #expect(isOver, context)
    let end = try await status(at: last)
    let file = store + "/sent.ndjson"
    _ = try await eventually(within: .seconds(60)) { try Sent.read(file).count >= end.sent }
    #expect(try await last.stop().code == 0, context)
    expectOnce(try Sent.read(file), end, context)
  }

  private func expectOnce(_ sent: [Sent], _ status: Status, _ context: Comment) {
    #expect(status.audience == Self.users && status.remaining == 0 && status.deferred == 0, context)
    #expect(status.sent + status.held + status.heldOut + status.refused == Self.users, context)
    #expect(sent.count == status.sent, context)
    #expect(Set(sent.map(\.user)).count == sent.count, "somebody got two: \(context)")
    #expect(Set(sent.map(\.id)).count == sent.count, context)
    #expect(sent.count <= Self.total && sent.count { $0.material == "a" } <= Self.most, context)
    #expect(sent.count > Self.total * 3 / 4, "no quota was at stake: \(context)")
  }

  private func launch(at service: Service) async throws -> Int {
    try await Client.post(service.url + "/v1/campaigns", Self.document, type: "application/yaml", within: 60).status
  }

  private func status(at service: Service) async throws -> Status {
    try await Client.get(service.url + "/v1/campaigns/singles-day").decoded()
  }
}
