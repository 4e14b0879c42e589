import API
import AttuneModel
import Codec
import Foundation
import Insight
import Synchronization
import Testing

@testable import Server

/// Every route once with success: `TestServer` holds each answer to its description.
@Suite struct AnswersTests {
  /// Which routes have answered well.
  private final class Story: Sendable {
    let server: TestServer
    let answered: Mutex<Set<Route.ID>>

    init(_ server: TestServer, after answered: Set<Route.ID> = []) {
      self.server = server
      self.answered = Mutex(answered)
    }

    @discardableResult func ask(
      _ id: Route.ID, _ parts: String..., query: KeyValuePairs<String, String?> = [:], body: String? = nil,
      type: String = "application/json"
    ) async throws -> TestServer.Reply {
      let route = Route[id]
      let method = try #require(TestServer.Method(rawValue: route.method.rawValue))
      let reply = try await server.send(method, route.address(parts, query: query), body, type: type)
      #expect(reply.status < 300, "\(id): \(reply.text)")
      _ = answered.withLock { $0.insert(id) }
      return reply
    }
  }

  private static let campaign = """
    campaign: sale
    scene: trade
    fatigue: { days: 1, times: 1, minGap: 0s }
    filters: [consent]
    audience: { file: users.txt }
    quotas: { copies: { a: { max: 5 } } }
    waves: { share: 10%, every: 200ms }
    learned: { segments: [city], random: 0% }
    materials:
      - { id: a, title: "甲", body: "eins" }
      - { id: b, title: "乙", body: "zwei" }
    """

  @Test func everyRouteAnswersAsItIsDescribed() async throws {
    let engine = try await TestServer.run(in: TemporaryFolder(), files: Self.files) { server in
      let story = Story(server)
      try await events(story)
      try await copies(story)
      try await campaigns(story)
      try await operations(story)
      return story.answered.withLock { $0 }
    }
    let all = try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      let story = Story(server, after: engine)
      try await fatigue(story)
      return story.answered.withLock { $0 }
    }
    #expect(Set(Route.ID.allCases).subtracting(all).isEmpty, "no good answer was seen of these")
  }

  private static var files: [String: String] {
    var files = Fixture.files
    files["campaigns/written.yaml"] = campaign.replacing("campaign: sale", with: "campaign: written")
      .replacing("{ file: users.txt }", with: "{ list: [u1, u2] }")
    return files
  }

  private func events(_ story: Story) async throws {
    try await story.ask(.postEvents, body: Fixture.views(3, of: "x", by: "u1"))
    // One of each kind of refusal, in a batch that is taken.
    try await story.ask(
      .postEvents, body: #"[{"user":"u1","event":"view"},{"user":"u1"},{"user":"u1","event":"a","ts":5}]"#)
    let timeline = try await story.server.eventually("/v1/users/u1/timeline") { !$0.json["entries"].items.isEmpty }
    let id = try #require(timeline.json["entries"][0]["id"].text)
    try await story.ask(.getTimeline, "u1", query: ["limit": "1"])
    try await story.ask(
      .postReceipts, body: #"[{"message":"\#(id)","event":"opened"},{"message":"3-999","event":"opened"}]"#)
    try await story.ask(
      .putUser, "u1", body: #"{"zone":"Asia/Tokyo","consent":true,"age":7,"likes":["a",1],"home":{"city":"x"}}"#)
    try await story.ask(.getUser, "u1")
    for dimension in FunnelAnswer.Dimension.allCases {
      try await story.ask(.getFunnel, query: ["by": dimension.rawValue])
    }
    try await story.ask(.getFunnel, query: ["since": "2026-01-01", "until": "2027-01-01"])
    try await story.ask(.deleteUser, "u1")
  }

  private func copies(_ story: Story) async throws {
    try await story.ask(
      .postCopies,
      body: #"""
        [{"id":"run","title":"New running shoes","body":"b","tags":["sport"],"scene":"trade","language":"en",
          "past":{"sends":1000,"clicks":40,"lastUsed":"2026-11-01T00:00:00Z"}},
         {"id":"walk","title":"New walking shoes","body":"b"}]
        """#)
    try await story.ask(.listCopies, query: ["limit": "1"])
    try await story.ask(.listCopies, query: ["q": "shoes"])
    try await story.ask(.getCopy, "run")
    try await story.ask(.listSimilarCopies, "run")
    try await story.ask(.deleteCopy, "walk")
  }

  private func campaigns(_ story: Story) async throws {
    try await story.ask(.listCampaigns)
    try await story.ask(.postAudience, "sale", body: "u9\n", type: "text/plain")
    try await story.ask(.deleteAudience, "sale")
    let users = (0..<30).map { "u\($0)\n" }.joined()
    try await story.ask(.postAudience, "sale", body: users, type: "text/plain")
    try await story.ask(
      .postCampaign, query: ["audience": "30", "dryRun": "true"], body: Self.campaign, type: "application/yaml")
    try await story.ask(.postCampaign, body: Self.campaign, type: "application/yaml")
    try await story.ask(.postCampaign, body: Self.campaign, type: "application/yaml")
    try await story.ask(.pauseCampaign, "sale")
    try await story.ask(.resumeCampaign, "sale")
    try await story.ask(.getCampaign, "sale")
    try await story.ask(.getChoice, "sale")
    try await story.ask(.stopCampaign, "sale", query: ["recall": "true"])
    try await story.ask(.getCampaign, "sale")
    try await story.ask(.launchCampaign, "written")
  }

  private func operations(_ story: Story) async throws {
    var files = Self.files
    files["rules/interested.yaml"] = files["rules/interested.yaml"]?.replacing("times: 3", with: "times: 4")
    files["rules/other.yaml"] = files["rules/interested.yaml"]?.replacing("rule: interested", with: "rule: other")
    let body = String(decoding: try JSONWriter.text(of: ConfigurationBody(files: files)), as: UTF8.self)
    try await story.ask(.resetClock)
    try await story.ask(.postConfiguration, query: ["dryRun": "true"], body: body)
    try await story.ask(.postConfiguration, query: ["reset": "true"], body: body)
    try await story.ask(.getLiveness)
    try await story.ask(.getReadiness)
    try await story.ask(.getMetrics)
    try await story.ask(.getOpenAPI)
  }

  private func fatigue(_ story: Story) async throws {
    try await story.ask(.checkReaches, body: #"{"user":"u1","business":"news"}"#)
    try await story.ask(.reserveReaches, body: #"{"id":1,"user":"u1","business":"news"}"#)
    try await story.ask(
      .reserveReaches,
      body: #"[{"id":"a","user":"u1","business":"news"},{"id":"b","user":"u1","business":"order"},{"id":"c"}]"#)
    try await story.ask(.settleReaches, body: #"{"id":"b","user":"u1","settle":"commit"}"#)
    try await story.ask(.settleReaches, body: #"[{"id":"b","user":"u1","settle":"commit"},{"id":"b"}]"#)
    try await story.ask(.getFatigueUser, "u1", query: ["zone": "Asia/Tokyo"])
    try await story.ask(.deleteFatigueUser, "u1")
    let policies = try await story.ask(.getPolicies).text
    try await story.ask(.putPolicies, query: ["dryRun": "true"], body: policies)
    try await story.ask(
      .putPolicies, body: Fixture.policies.replacing("perDay: 3", with: "perDay: 4"), type: "application/yaml")
  }
}

/// What is written by hand elsewhere has the same names as its wire type.
@Suite struct WireNameTests {
  @Test func dimensionsOfTheFunnelAreTheEngines() {
    #expect(FunnelAnswer.Dimension.allCases.map(\.rawValue) == Funnel.Dimension.allCases.map(\.rawValue))
    #expect(ReceiptBody.Kind.allCases.map(\.rawValue).sorted() == Receipt.Kind.allCases.map(\.name).sorted())
  }
}
