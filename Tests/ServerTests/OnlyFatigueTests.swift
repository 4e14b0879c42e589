import AttuneModel
import Foundation
import Testing

@testable import Server

/// A server that is there for fatigue alone.
@Suite struct OnlyFatigueTests {
  @Test func nothingElseIsThere() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server async throws in
      for path in ["/v1/events", "/v1/users/u1", "/v1/reports/funnel", "/v1/configuration", "/nowhere"] {
        let reply = try await server.get(path)
        #expect(reply.status == 404 && reply.isProblem)
        let hint = path == "/v1/configuration" ? "it takes policies: PUT" : "this server runs with --only fatigue"
        #expect(reply.json["hint"].text?.hasPrefix(hint) == true, "\(reply.text)")
        let isElsewhere = reply.json["detail"].text?.contains("for fatigue alone") == true
        #expect(isElsewhere == (path != "/nowhere"), "\(reply.text)")
      }
      let wrong = try await server.get("/v1/fatigue/reserve")
      #expect(wrong.status == 405 && wrong.header("Allow") == "POST")
      #expect(try await server.get("/livez").status == 200)
      let ready = try await server.get("/readyz")
      #expect(ready.status == 200 && ready.json["status"] == "ready", "\(ready.text)")
      #expect(try await server.reserve("a", "user-of-metrics", "news").status == 200)
      let metrics = try await server.get("/metrics").text
      let line = #"attune_http_requests_total{method="POST",route="/v1/fatigue/reserve",status="200"} 1"#
      #expect(metrics.contains(line) && !metrics.contains("user-of-metrics"), "\(metrics)")
    }
  }

  @Test func theKeyHoldsHereToo() async throws {
    let key = "kq8e7Xn3vTz1mW5yRb2c"
    try await TestServer.runFatigue(in: TemporaryFolder(), key: key) { server async throws in
      #expect(try await server.reserve("a", "u1", "news").status == 401)
      #expect(try await server.put("/v1/fatigue/policies", Fixture.policies).status == 401)
      let reply = try await server.send(
        .post, "/v1/fatigue/check", #"{"user":"u1","business":"news"}"#, headers: ["X-API-Key": key])
      #expect(reply.json["pass"] == true)
    }
  }

  @Test func aRestartGoesOnWhereItWas() async throws {
    let folder = try TemporaryFolder()
    try await TestServer.runFatigue(in: folder) { server async throws in
      #expect(try await server.reserve("a", "u1", "news").json["pass"] == true)
    }
    try await TestServer.runFatigue(in: folder) { server async throws in
      #expect(try await server.reserve("a", "u1", "news").json["pass"] == true)
      #expect(try await server.reserve("b", "u1", "news").json["reason"] == "window")
      #expect(try await server.settle("a", "u1", "release").json["changed"] == true)
    }
    try await TestServer.runFatigue(in: folder) { server async throws in
      #expect(try await server.reserve("b", "u1", "news").json["pass"] == true)
    }
  }

  @Test func aStoreHasOnePurpose() async throws {
    let folder = try TemporaryFolder()
    try await TestServer.run(in: folder) { _ in }
    await #expect {
      try await TestServer.runFatigue(in: folder) { _ in }
    } throws: {
      let error = $0 as? ServerError
      return error?.code == .otherPurpose && error?.description.contains("configuration folder") == true
    }
    let other = try TemporaryFolder()
    try await TestServer.runFatigue(in: other, policies: nil) { _ in }
    await #expect {
      try await TestServer.run(in: other) { _ in }
    } throws: {
      let error = $0 as? ServerError
      return error?.code == .otherPurpose && error?.description.contains("--only fatigue") == true
    }
    // Both are as they were.
    try await TestServer.run(in: folder) { server async throws in #expect(try await server.get("/readyz").status == 200)
    }
    try await TestServer.runFatigue(in: other) { server async throws in
      #expect(try await server.reserve("a", "u1", "news").json["pass"] == true)
    }
  }
}
