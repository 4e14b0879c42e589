import AttuneModel
import Foundation
import Runtime
import Testing

@testable import Server

/// Campaigns as an operator drives them over HTTP.
@Suite struct CampaignsTests {
  private static func campaign(_ more: String = "") -> String {
    """
    campaign: sale
    scene: trade
    fatigue: { days: 1, times: 1, minGap: 0s }
    filters: [consent]
    audience: { file: users.txt }
    holdout: 0%
    waves: { share: 10%, every: 200ms }
    learned: { segments: [city], random: 0% }
    materials:
      - { id: a, title: "甲", body: "eins" }
      - { id: b, title: "乙", body: "zwei" }
    \(more)
    """
  }

  private static func ids(_ range: Range<Int>) -> String { range.map { "u\($0)\n" }.joined() }

  private static func launch(_ server: TestServer, _ more: String = "") async throws -> TestServer.Reply {
    try await server.post("/v1/campaigns", campaign(more), type: "application/yaml")
  }

  @Test func anAudienceIsHandedInTheWayFilesAreWritten() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let address = "/v1/campaigns/sale/audience"
      let first = try await server.post(address, "\u{FEFF}u1\r\n\r\n 用户 \r\n", type: "text/plain")
      #expect(first.status == 202 && first.json["accepted"] == 2, "\(first.text)")
      let bad = try await server.post(address, "u2\nu3\nu\u{1}4\nu5\n", type: "text/plain")
      #expect(bad.status == 400 && bad.isProblem && bad.text.contains("line 3"), "\(bad.text)")
      #expect(try await server.post(address, "u1\n", type: "text/plain").json["gathered"] == 5)
      #expect(try await server.post("/v1/campaigns/a%2Fb/audience", "u1", type: "text/plain").status == 400)
      // What an attempt that failed left behind is no part of the next one.
      #expect(try await server.send(.delete, address).status == 200)
      #expect(try await server.post(address, Self.ids(0..<20), type: "text/plain").json["gathered"] == 20)
      let launched = try await Self.launch(server)
      #expect(launched.status == 202 && launched.json["audience"] == 20, "\(launched.text)")
      #expect(try await server.send(.delete, address).status == 409)
    }
  }

  @Test func filtersTellWhatTheyKeptFromWhom() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for number in 0..<40 {
        let profile = #"{"city": "\#(number % 2 == 0 ? "杭州" : "上海")", "consent": \#(number % 4 != 0)}"#
        #expect(try await server.send(.put, "/v1/users/u\(number)", profile).status < 300)
      }
      _ = try await server.post("/v1/campaigns/sale/audience", Self.ids(0..<40), type: "text/plain")
      #expect(try await Self.launch(server).status == 202)
      let report = try await server.eventually("/v1/campaigns/sale") { $0.json["status"] == "finished" }.json
      #expect(report["sent"] == 30 && report["refused"] == 10, "\(report)")
      let refusals = report["refusals"].items
      #expect(refusals.allSatisfy { $0["filter"] == "consent" && ["a", "b"].contains($0["copy"].text ?? "") })
      #expect(refusals.reduce(0) { $0 + number($1["users"]) } == 10)
      #expect(refusals.allSatisfy { number($0["cost"]) > 0 })
      let segments = report["segments"].items
      #expect(segments.map { $0["segment"].text } == ["上海", "杭州"])
      #expect(segments.map { number($0["refused"]) } == [0, 10] && segments.map { number($0["sent"]) } == [20, 10])
      let choice = try await server.get("/v1/choices/sale").json
      #expect(choice["refusals"] == report["refusals"] && choice["copies"].items.count == 2)
      let unknown = try await server.get("/v1/choices/sales")
      #expect(unknown.status == 404 && unknown.text.contains("did you mean 'sale'"), "\(unknown.text)")
    }
  }

  @Test func twoLaunchesOfOneNameAreToldApart() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      _ = try await server.post("/v1/campaigns/sale/audience", Self.ids(0..<20), type: "text/plain")
      let answers = try await withThrowingTaskGroup(of: TestServer.Reply.self) { group in
        for number in 0..<8 {
          group.addTask { try await Self.launch(server, "quotas: { total: \(number % 2 == 0 ? 5 : 7) }") }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.map(\.status).sorted() == [200, 200, 200, 202, 409, 409, 409, 409])
      #expect(answers.count { $0.json["isNew"] == true } == 1)
    }
  }

  @Test func pausedItStandsStillAndRecalledItIsTakenBack() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      _ = try await server.post("/v1/campaigns/sale/audience", Self.ids(0..<200), type: "text/plain")
      #expect(try await Self.launch(server).status == 202)
      #expect(try await server.post("/v1/campaigns/sale/pause", "").json["status"] == "paused")
      #expect(try await server.post("/v1/campaigns/sale/pause", "").status == 200)
      let paused = try await server.get("/v1/campaigns/sale").json
      try await Task.sleep(for: .milliseconds(500))
      #expect(try await server.get("/v1/campaigns/sale").json["sent"] == paused["sent"])
      #expect(try await server.post("/v1/campaigns/sale/resume", "").json["status"] == "running")
      // What runs has to fit what is published.
      var files = Fixture.files
      files["businesses/sale.yaml"] = files["businesses/nudge.yaml"]?.replacing(
        "business: nudge", with: "business: sale")
      let unfit = try await server.publish(files)
      #expect(unfit.status == 422 && unfit.text.contains("the campaign 'sale' is running"), "\(unfit.text)")
      #expect(try await server.post("/v1/campaigns/sale/stop?recall=true", "").json["status"] == "stopped")
      #expect(try await server.post("/v1/campaigns/sale/stop?recall=1", "").status == 400)
      #expect(try await server.post("/v1/campaigns/sale/resume", "").status == 409)
      let stopped = try await server.get("/v1/campaigns/sale").json
      #expect(stopped["status"] == "stopped" && stopped["reason"] == "stopped by hand")
      #expect(try await server.publish(files).status == 200)
    }
  }

  private func number(_ value: JSON) -> Double { if case .number(let number) = value { number } else { .nan } }
}
