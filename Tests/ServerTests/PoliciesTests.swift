import AttuneModel
import Foundation
import Runtime
import Testing

@testable import Server

/// Which policies are in force, and who says so.
@Suite struct PoliciesTests {
  private let path = "/v1/fatigue/policies"

  @Test func withoutPoliciesNobodyIsAnswered() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder(), policies: nil) { server in
      for reply in [
        try await server.reserve("a", "u1", "news"), try await server.get("/v1/fatigue/users/u1"),
        try await server.post("/v1/fatigue/check", #"[{"user":"u1","business":"news"},{"id":"x"}]"#),
      ] {
        #expect(reply.status == 409 && reply.isProblem, "\(reply.text)")
        #expect(reply.json["type"] == "urn:attune:problem:no-policies")
        #expect(reply.json["hint"].text?.contains("PUT /v1/fatigue/policies") == true)
      }
      #expect(try await server.get(path).status == 404)
      #expect(try await server.settle("a", "u1", "commit").json["changed"] == false)
      #expect(try await server.put(path, Fixture.policies).json["changed"] == true)
      #expect(try await server.reserve("a", "u1", "news").json["pass"] == true)
    }
  }

  @Test func whatIsGivenBackCanBePut() async throws {
    let text = """
      zone: Asia/Shanghai
      user: { perDay: 5, reserve: 1, reservePriority: 8 }
      scenes: { feed: { times: 2, window: 36h } }
      businesses:
        降价: { scene: feed, days: 7, times: 3, minGap: 90m, priority: 5 }
        order: { scene: trade, days: 1, times: 50, minGap: 0s, obeys: false, counts: false }
      """
    try await TestServer.runFatigue(in: TemporaryFolder(), policies: text) { server in
      let got = try await server.get(path)
      #expect(
        got.text == #"{"zone":"Asia/Shanghai","user":{"perDay":5,"reserve":1,"reservePriority":8},"#
          + #""scenes":{"feed":{"times":2,"window":"36h"}},"businesses":{"#
          + #""order":{"scene":"trade","days":1,"times":50,"minGap":"0ms","priority":0,"obeys":false,"counts":false},"#
          + #""降价":{"scene":"feed","days":7,"times":3,"minGap":"90m","priority":5}}}"#)
      let again = try await server.put(path, got.text, type: "application/json")
      #expect(again.status == 200 && again.json["differs"] == false && again.json["businesses"] == 2, "\(again.text)")
      #expect(try await server.get(path).text == got.text)
    }
  }

  @Test func errorsLeaveEverythingAsItWas() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      let before = try await server.get(path).text
      let wrong = """
        zone: Asia/Shangai
        user: { perDay: -1 }
        businesses:
          news: { scene: feed, days: 0, times: 1, minGap: 0s }
          deals: { scene: feed, days: 1, tims: 1, minGap: 0s }
        """
      for query in ["", "?dryRun=true"] {
        let reply = try await server.put(path + query, wrong)
        #expect(reply.status == 422 && reply.isProblem, "\(reply.text)")
        let found = reply.json["diagnostics"].items
        #expect(found.allSatisfy { $0["file"] == "policies.yaml" })
        #expect(found.map { $0["line"] }.contains(2) && found.map { $0["line"] }.contains(4), "\(reply.text)")
        #expect(found.contains { $0["hint"] == "did you mean 'Asia/Shanghai'?" }, "\(reply.text)")
        #expect(found.contains { $0["hint"] == "did you mean 'times'?" && $0["line"] == 5 }, "\(reply.text)")
      }
      #expect(try await server.put(path, "zone: [").status == 422)
      #expect(try await server.put(path, "", type: "application/json").status == 422)
      #expect(try await server.put(path, "zone: UTC", type: "text/plain").status == 415)
      #expect(try await server.put(path + "?dryRun=1", Fixture.policies).status == 400)
      #expect(try await server.get(path).text == before)
      #expect(try await server.reserve("a", "u1", "news").json["pass"] == true)
    }
  }

  @Test func aDryRunChangesNothing() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      let other = Fixture.policies.replacing("perDay: 3", with: "perDay: 0")
      let dry = try await server.put(path + "?dryRun=true", other)
      #expect(dry.status == 200 && dry.json["changed"] == false && dry.json["differs"] == true, "\(dry.text)")
      #expect(try await server.reserve("a", "u1", "news").json["pass"] == true)
      #expect(try await server.put(path, other).json["changed"] == true)
      let none = try await server.reserve("b", "u2", "news")
      #expect(none.json["reason"] == "user" && none.json["next"] == .null, "\(none.text)")
    }
  }

  @Test func aServersSettingsAreNotPublished() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      let reply = try await server.put(path, "server: { queueLimit: 7 }\n" + Fixture.policies)
      #expect(reply.status == 200 && reply.json["differs"] == false, "\(reply.text)")
      #expect(reply.json["warnings"][0]["line"] == 1 && reply.json["warnings"][0]["severity"] == "warning")
      let wrong = try await server.put(path, "server: { queueLimit: none }\n" + Fixture.policies)
      #expect(wrong.status == 422 && wrong.json["diagnostics"][0]["line"] == 1, "\(wrong.text)")
    }
  }

  @Test func limitsOfZeroNeverPass() async throws {
    let policies = Fixture.policies.replacing("days: 1, times: 1,", with: "days: 1, times: 0,")
    try await TestServer.runFatigue(in: TemporaryFolder(), policies: policies) { server in
      let reply = try await server.reserve("a", "u1", "news")
      #expect(reply.json["reason"] == "window" && reply.json["next"] == .null, "\(reply.text)")
      #expect(try await server.get("/v1/fatigue/users/u1").json["known"] == false)
    }
  }

  /// What a removed business has counted goes on to count, and holds again when it comes back.
  @Test func aBusinessGoesAndComesBack() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      #expect(try await server.reserve("a", "u1", "news").json["pass"] == true)
      let without = Fixture.policies.split(separator: "\n").filter { !$0.contains("news") }.joined(separator: "\n")
      #expect(try await server.put(path, without).json["changed"] == true)
      #expect(try await server.reserve("b", "u1", "news").status == 404)
      let deals = try await server.reserve("c", "u1", "deals")
      #expect(deals.json["pass"] == true && deals.json["dimensions"]["scene"]["count"] == 1, "\(deals.text)")
      #expect(try await server.put(path, Fixture.policies).json["changed"] == true)
      let back = try await server.reserve("d", "u1", "news")
      #expect(back.json["reason"] == "scene" && back.json["dimensions"]["window"]["count"] == 1, "\(back.text)")
      #expect(try await server.settle("a", "u1", "release").json["changed"] == true)
      #expect(try await server.reserve("e", "u1", "news").json["pass"] == true)
    }
  }

  @Test func aFileCountsWhenItChanges() async throws {
    let folder = try TemporaryFolder()
    func perDay(_ policies: String?, then put: String? = nil) async throws -> JSON {
      try await TestServer.runFatigue(in: folder, policies: policies) { server in
        if let put { #expect(try await server.put(path, put).status == 200) }
        return try await server.get(path).json["user"]["perDay"]
      }
    }
    let file = Fixture.policies
    #expect(try await perDay(file) == 3)
    let put = file.replacing("perDay: 3", with: "perDay: 4")
    #expect(try await perDay(file, then: put) == 4)
    #expect(try await perDay(file) == 4)
    #expect(try await perDay("# the same, said otherwise\nserver: { queueLimit: 7 }\n" + file) == 4)
    #expect(try await perDay(nil) == 4)
    let changed = file.replacing("perDay: 3", with: "perDay: 5")
    #expect(try await perDay(changed) == 5)
    #expect(try await perDay(file) == 3)
  }

  @Test func aFolderIsNotOverruled() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let reply = try await server.put(path, Fixture.policies)
      #expect(reply.status == 409 && reply.isProblem, "\(reply.text)")
      #expect(reply.json["hint"].text?.contains("attune publish") == true)
      let got = try await server.get(path)
      #expect(got.status == 200 && got.json["businesses"]["nudge"]["times"] == 1, "\(got.text)")
      #expect(try await server.reserve("a", "u1", "nudge").json["pass"] == true)
      #expect(try await server.reserve("b", "u1", "nudge").json["reason"] == "window")
    }
  }
}

extension TestServer {
  func put(_ path: String, _ body: String, type: String = "application/yaml") async throws -> Reply {
    try await send(.put, path, body, type: type)
  }
}
