import AttuneModel
import Runtime
import Store
import StoreSQLite
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
      let told = Set(unreadable.json["diagnostics"].items.compactMap { $0["file"].text })
      #expect(told == ["rules/broken.yaml", "businesses/nudge.yaml"], "\(unreadable.text)")
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

  /// Two views before the rule asks for four instead of three, four views after: the old version waited for one of them.
  @Test(arguments: [false, true]) func openAttemptsFinishUnlessTheyAreReset(reset: Bool) async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      #expect(try await server.post("/v1/events", Fixture.views(2, of: "x", by: "u1")).status == 202)
      try await Task.sleep(for: .milliseconds(100))
      var files = Fixture.files
      files["rules/interested.yaml"] = files["rules/interested.yaml"]?.replacing("times: 3", with: "times: 4")
      let dry = try await server.publish(files, query: "?dryRun=true&reset=true")
      #expect(dry.json["changes"][0]["change"] == "changed" && dry.json["reset"] == false, "\(dry.text)")
      let reply = try await server.publish(files, query: reset ? "?reset=true" : "")
      #expect(reply.json["changed"] == true)
      #expect(reply.json["changes"][0]["before"] == 1 && reply.json["changes"][0]["after"] == 2, "\(reply.text)")
      for number in 3...6 {
        let view = #"{"id":"\#(number)","user":"u1","event":"view","item":"x"}"#
        #expect(try await server.post("/v1/events", view).status == 202)
        try await Task.sleep(for: .milliseconds(5))
      }
      let expected: JSON = reset ? 1 : 2
      let funnel = try await server.eventually("/v1/reports/funnel") { $0.json["total"]["matched"] == expected }
      #expect(funnel.json["total"]["matched"] == expected, "\(funnel.text)")
    }
  }

  /// A price cut names an item and no user; whoever looked at it is told.
  @Test func eventsWithoutUserAreTakenInOnce() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      var files = Fixture.files
      files["rules/interested.yaml"] = """
        rule: interested
        key: [item, user]
        pattern: [{ on: view, as: v }, { then: cut }]
        within: 12h
        emit: { item: v.item }
        """
      #expect(try await server.publish(files).status == 200)
      for user in ["u1", "u2"] {
        #expect(try await server.post("/v1/events", Fixture.views(1, of: "x", by: user)).status == 202)
      }
      try await Task.sleep(for: .milliseconds(100))
      let cut = #"[{"id":"c","event":"cut","item":"x"},{"id":"c","event":"cut","item":"x"},{"event":"cut","usr":"u1"}]"#
      let reply = try await server.post("/v1/events", cut)
      #expect(
        reply.json["results"].items.map { $0["status"] } == ["accepted", "duplicate", "refused"], "\(reply.text)")
      #expect(reply.json["results"][2]["hint"].text?.hasPrefix("is 'usr' meant to be 'user'?") == true)
      let funnel = try await server.eventually("/v1/reports/funnel") { $0.json["total"]["sent"] == 2 }
      #expect(funnel.json["total"]["sent"] == 2, "\(funnel.text)")
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
      #expect(server.server.store.journal.lastSequence > 0)
    }
  }

  @Test func aReplaysStoreIsNotServed() async throws {
    let folder = try TemporaryFolder()
    let store = try SQLiteStore.open(folder.path)
    try store.notes.setNote(StoreMeta.replay, to: "a log")
    try store.close()
    await #expect {
      try await TestServer.run(in: folder) { _ in }
    } throws: {
      ($0 as? ServerError)?.code == .replayStore
    }
  }
}
