import AttuneModel
import Foundation
import Runtime
import Testing

@testable import Server

@Suite struct EventsTests {
  @Test func takesObjectArrayAndLines() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let object = try await server.post("/v1/events", #"{"user":"u1","event":"view","item":"x"}"#)
      #expect(object.status == 202)
      #expect(object.json["accepted"] == 1)
      let array = try await server.post("/v1/events", Fixture.views(2, of: "y", by: "u1"))
      #expect(array.json["accepted"] == 2)
      #expect(array.json["results"].items.map { $0["index"] } == [0, 1])
      let lines = try await server.post(
        "/v1/events", #"{"user":"u1","event":"view"}"# + "\n\n" + #"{"user":"u2","event":"view"}"# + "\n",
        type: "application/x-ndjson; charset=utf-8")
      #expect(lines.status == 202)
      #expect(lines.json["accepted"] == 2)
    }
  }

  @Test func tellsWhatBecameOfEachItem() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let hourAgo = SystemClock.now().milliseconds - 3_600_000
      let first = try await server.post("/v1/events", #"{"id":"1","user":"u1","event":"view"}"#)
      #expect(first.status == 202)
      try await Task.sleep(for: .milliseconds(50))
      let reply = try await server.post(
        "/v1/events",
        """
        [{"id":"1","user":"u1","event":"view"}, {"user":"u1"}, {"user":"u1","event":"view","ts":\(hourAgo)},
         {"user":"u1","event":"view"}, {"user":"u1","event":"view","ts":5}, {"user":["u1"],"event":"view"}]
        """)
      #expect(reply.status == 202)
      let statuses = reply.json["results"].items.map { $0["status"] }
      #expect(statuses == ["duplicate", "refused", "late", "accepted", "refused", "refused"], "\(reply.text)")
      #expect(reply.json["duplicates"] == 1 && reply.json["late"] == 1 && reply.json["accepted"] == 1)
      #expect(reply.json["refused"] == 3)
      let refusals = reply.json["results"]
      #expect(refusals[1]["pointer"] == "/1/event")
      #expect(refusals[1]["code"] == "missing")
      #expect(refusals[1]["hint"].text != nil)
      #expect(refusals[4]["code"] == "absurdTime")
      #expect(refusals[5]["code"] == "wrongType")
    }
  }

  @Test(arguments: [
    ("{", "malformed"), ("[{\"user\":", "malformed"), ("", "malformed"), ("[]", ""), ("3", "wrongType"),
    (#"{"user":"u","event":"view","ts":"yesterday"}"#, "invalid"),
    (#"{"user":"u","event":"view","ts":1e18}"#, "absurdTime"),
  ])
  func nothingTakenIsAnError(body: String, code: String) async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let reply = try await server.post("/v1/events", body)
      #expect(reply.status == 400)
      #expect(reply.isProblem, "\(reply.text)")
      if !code.isEmpty { #expect(reply.json["results"][0]["code"].text == code, "\(reply.text)") }
      #expect(try await server.get("/metrics").text.contains("attune_events_total{status=\"accepted\"}") == false)
    }
  }

  @Test func wantsAKnownType() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for type in ["text/plain", "application/json5", nil] {
        let reply = try await server.post("/v1/events", #"{"user":"u1","event":"view"}"#, type: type)
        #expect(reply.status == 415 && reply.isProblem)
        let hint = "send Content-Type: application/json or application/x-ndjson"
        #expect(reply.json["hint"].text?.hasPrefix(hint) == true, "\(reply.text)")
      }
    }
  }

  @Test func tenMegabytesAreTooMany() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let reply = try await server.post("/v1/events", String(repeating: " ", count: 10_000_000))
      #expect(reply.status == 413 && reply.isProblem)
      #expect(try await server.post("/v1/events", #"{"user":"u1","event":"view"}"#).status == 202)
    }
  }

  @Test func unknownAddressesAndMethods() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let nowhere = try await server.get("/v1/nothing")
      #expect(nowhere.status == 404 && nowhere.isProblem)
      let wrong = try await server.get("/v1/events")
      #expect(wrong.status == 405 && wrong.isProblem)
      #expect(wrong.header("Allow") == "POST")
      let user = try await server.send(.patch, "/v1/users/u1", "{}")
      #expect(user.status == 405)
      #expect(user.header("Allow") == "DELETE, GET, HEAD, PUT")
    }
  }

  @Test func aFullQueueAsksToComeBack() async throws {
    try await TestServer.run(in: TemporaryFolder(), settings: { $0.queueLimit = 1 }) { server in
      // The driver is kept busy on its own thread, so that what is sent first waits.
      let gate = Gate()
      let driver = server.server.driver
      async let blocked: Void = driver.read { _ in gate.wait() }
      async let first = server.post("/v1/events", #"{"user":"u1","event":"view"}"#)
      while driver.depth == 0 { try await Task.sleep(for: .milliseconds(5)) }
      let second = try await server.post("/v1/events", #"{"user":"u2","event":"view"}"#)
      gate.open()
      await blocked
      #expect(second.status == 429 && second.isProblem)
      #expect(second.header("Retry-After") == "1")
      #expect(try await first.status == 202)
      #expect(try await server.post("/v1/events", #"{"user":"u2","event":"view"}"#).status == 202)
    }
  }
}

/// Holds a thread until it is opened.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  func wait() { semaphore.wait() }
  func open() { semaphore.signal() }
}
