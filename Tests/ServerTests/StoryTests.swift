import AttuneModel
import Testing

@testable import Server

/// From a published configuration to a message, its receipt, and the reasons.
@Suite struct StoryTests {
  @Test func threeViewsOneMessage() async throws {
    let folder = try TemporaryFolder()
    var quiet = Fixture.files
    quiet["businesses/nudge.yaml"] = nil
    quiet["rules/interested.yaml"] = nil
    try await TestServer.run(in: folder, files: quiet) { server in
      let published = try await server.publish(Fixture.files)
      #expect(published.status == 200, "\(published.text)")
      #expect(published.json["changed"] == true)
      #expect(published.json["rules"] == 1 && published.json["businesses"] == 1)
      #expect(try await server.send(.put, "/v1/users/u1", #"{"zone":"Asia/Shanghai","consent":true}"#).status == 204)
      #expect(try await server.post("/v1/events", Fixture.views(3, of: "lamp", by: "u1")).json["accepted"] == 3)

      let funnel = try await server.eventually("/v1/reports/funnel") { $0.json["total"]["accepted"] == 1 }
      #expect(funnel.json["rows"][0]["name"] == "nudge" && funnel.json["rows"][0]["sent"] == 1, "\(funnel.text)")
      let lines = folder.lines(of: "sent.ndjson")
      #expect(lines.count == 1)
      let message = JSON(Array((lines.first ?? "").utf8))
      #expect(message["user"] == "u1" && message["body"] == "lamp is waiting for you")

      let id = message["id"].text ?? ""
      let receipt = try await server.post("/v1/receipts", #"{"message":"\#(id)","event":"opened"}"#)
      #expect(receipt.status == 202 && receipt.json["accepted"] == 1)
      let again = try await server.post("/v1/receipts", #"{"message":"\#(id)","event":"opened"}"#)
      #expect(again.status == 202 && again.json["duplicates"] == 1)
      let opened = try await server.get("/v1/reports/funnel?by=material")
      #expect(opened.json["rows"][0]["name"] == "nudge/gentle" && opened.json["rows"][0]["opened"] == 1)

      // A second item: the business has said enough for today.
      #expect(try await server.post("/v1/events", Fixture.views(3, of: "desk", by: "u1")).status == 202)
      let timeline = try await server.eventually("/v1/users/u1/timeline") { $0.json["entries"].items.count == 2 }
      #expect(timeline.json["entries"].items.map { $0["outcome"] } == ["refused", "sent"], "\(timeline.text)")
      #expect(timeline.json["entries"][0]["filter"] == "fatigue" && timeline.json["entries"][1]["id"].text == id)
      let delivery = timeline.json["entries"][1]["delivery"]
      #expect(delivery["outcome"] == "accepted" && delivery["channel"] == "log", "\(timeline.text)")
      #expect(delivery["providerID"].text == id && delivery["attempts"] == 1)
      #expect(timeline.json["entries"][0]["delivery"] == .null, "nothing was sent")
      #expect(timeline.json["next"] == .null)
      try await checkPages(of: server)
    }
    #expect(folder.lines(of: "sent.ndjson").count == 1)
  }

  private func checkPages(of server: TestServer) async throws {
    let newest = try await server.get("/v1/users/u1/timeline?limit=1")
    #expect(newest.json["entries"].items.map { $0["outcome"] } == ["refused"])
    let cursor = newest.json["next"].text ?? "none"
    let older = try await server.get("/v1/users/u1/timeline?limit=1&before=\(cursor)")
    #expect(older.json["entries"].items.map { $0["outcome"] } == ["sent"])
    #expect(older.json["entries"][0]["delivery"]["outcome"] == "accepted", "which is told in a newer batch")
    #expect(older.json["next"] == .null)
    #expect(try await server.get("/v1/users/u1/timeline?business=other").json["entries"].items.isEmpty)
    for query in ["limit=0", "limit=x", "before=1", "before=a.b"] {
      let reply = try await server.get("/v1/users/u1/timeline?\(query)")
      #expect(reply.status == 400 && reply.isProblem, "\(query)")
    }
  }

  @Test func aRestartGoesOnWhereItWas() async throws {
    let folder = try TemporaryFolder()
    try await TestServer.run(in: folder) { server in
      let reply = try await server.post("/v1/events", Fixture.views(2, of: "lamp", by: "u1"))
      #expect(reply.status == 202)
    }
    try await TestServer.run(in: folder) { server in
      let third =
        #"[{"id":"lamp-0","user":"u1","event":"view","item":"lamp"},{"user":"u1","event":"view","item":"lamp"}]"#
      #expect(try await server.post("/v1/events", third).json["duplicates"] == 1)
      let funnel = try await server.eventually("/v1/reports/funnel") { $0.json["total"]["accepted"] == 1 }
      #expect(funnel.json["total"]["sent"] == 1)
    }
  }

  @Test func reportsAreChecked() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for query in ["by=colour", "since=yesterday", "since=2026-02-30", "since=2026-01-02&until=2026-01-02"] {
        let reply = try await server.get("/v1/reports/funnel?\(query)")
        #expect(reply.status == 400 && reply.isProblem, "\(query)")
      }
      #expect(try await server.get("/v1/reports/funnel?by=rule&since=2026-01-01&until=2026-01-02").status == 200)
    }
  }

  @Test func receiptsAreChecked() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let reply = try await server.post(
        "/v1/receipts", #"[{"message":"1-1","event":"opened"},{"message":"1-1","event":"open"}]"#)
      #expect(reply.status == 400 && reply.isProblem)
      #expect(reply.json["unknownMessages"] == 1 && reply.json["refused"] == 1)
      #expect(reply.json["results"].items.map { $0["status"] } == ["unknownMessage", "refused"])
      #expect(reply.json["results"][1]["hint"] == "did you mean 'opened'?")
    }
  }
}
