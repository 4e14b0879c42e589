import Model
import Runtime
import Storage
import Testing

@testable import Server

@Suite struct PublishingTests {
  @Test func errorsLeaveEverythingAsItWas() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      var files = Fixture.files
      files["businesses/nudge.yaml"] = "business: nudge\nscene: trade\nwhen: interestd\nmaterials: []\n"
      files["rules/broken.yaml"] = "rule: [\n"
      let unreadable = try await server.publish(files)
      #expect(unreadable.status == 422 && unreadable.isProblem)
      #expect(unreadable.json["diagnostics"][0]["file"] == "rules/broken.yaml")
      files["rules/broken.yaml"] = nil
      let reply = try await server.publish(files)
      #expect(reply.status == 422 && reply.isProblem)
      let found = reply.json["diagnostics"].items.filter { $0["file"] == "businesses/nudge.yaml" }
      #expect(found.contains { $0["hint"] == "did you mean 'interested'?" && $0["line"] == 3 }, "\(reply.text)")
      #expect(found.contains { $0["message"] == "a business has no 'fatigue'" }, "\(reply.text)")
      // Still the old one: three views, one message.
      #expect(try await server.post("/v1/events", Fixture.views(3, of: "x", by: "u1")).status == 202)
      let funnel = try await server.eventually("/v1/reports/funnel") { $0.json["total"]["sent"] == 1 }
      #expect(funnel.json["total"]["sent"] == 1)
    }
  }

  @Test func aDryRunChangesNothing() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      var files = Fixture.files
      files["businesses/nudge.yaml"] = nil
      let dry = try await server.publish(files, query: "?dryRun=true")
      #expect(dry.status == 200 && dry.json["changed"] == false && dry.json["differs"] == true, "\(dry.text)")
      #expect(dry.json["warnings"][0]["message"] == "no business listens to the rule 'interested'")
      let same = try await server.publish(Fixture.files)
      #expect(same.json["changed"] == false && same.json["differs"] == false)
      #expect(try await server.publish(files).json["changed"] == true)
      #expect(try await server.publish(Fixture.files).json["changed"] == true)
      #expect(try await server.publish(Fixture.files, query: "?dryRun=1").status == 400)
    }
  }

  @Test func channelsStayAsTheyAre() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      var files = Fixture.files
      files["attune.yaml"] = """
        fatigue: { zone: Asia/Shanghai, user: { perDay: 5 } }
        channels:
          log: { type: log, file: other.ndjson }
        """
      let reply = try await server.publish(files)
      #expect(reply.status == 422)
      #expect(reply.json["diagnostics"][0]["line"] == 2)
      #expect(reply.json["diagnostics"][0]["hint"].text?.contains("restart") == true)
    }
  }

  @Test(arguments: ["{", "{}", #"{"files":["a"]}"#, #"{"files":{"attune.yaml":3}}"#])
  func theBodyIsAPublication(body: String) async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let reply = try await server.post("/v1/configuration", body)
      #expect(reply.status == 400 && reply.isProblem)
      #expect(reply.json["hint"].text?.contains("files") == true)
      #expect(try await server.publish(["etc/passwd": "x"]).status == 422)
      #expect(try await server.post("/v1/configuration", "files: {}", type: "text/yaml").status == 415)
    }
  }

  @Test func aStartNeedsASoundConfiguration() async throws {
    let folder = try TemporaryFolder()
    var files = Fixture.files
    files["businesses/nudge.yaml"] = files["businesses/nudge.yaml"]?.replacing("trade", with: "''")
    await #expect(throws: Diagnostics.self) { try await TestServer.run(in: folder, files: files) { _ in } }
    // The store is free again, and holds nothing.
    try await TestServer.run(in: folder) { server in
      #expect(server.server.store.lastSequence > 0)
    }
  }

  @Test func aReplaysStoreIsNotServed() async throws {
    let folder = try TemporaryFolder()
    let store = try SQLiteStore.open(folder.path)
    try store.setMeta(StoreMeta.replay, "a log")
    try store.close()
    await #expect {
      try await TestServer.run(in: folder) { _ in }
    } throws: {
      ($0 as? ServerError)?.code == .replayStore
    }
  }
}
