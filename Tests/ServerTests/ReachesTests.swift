import AttuneModel
import Foundation
import Runtime
import Synchronization
import Testing

@testable import Server

/// What other teams' senders ask, and what they are told.
@Suite struct ReachesTests {
  @Test func aVerdictNamesEveryDimension() async throws {
    let clock = TestClock(1_700_000_000_000)
    try await TestServer.runFatigue(in: TemporaryFolder(), clock: ServerClock(believing: clock.now)) { server in
      let first = try await server.reserve("a", "u1", "deals")
      #expect(first.status == 200)
      #expect(
        first.text == #"{"id":"a","pass":true,"reason":null,"next":null,"dimensions":{"#
          + #""user":{"count":0,"limit":3,"next":null},"scene":{"count":0,"limit":2,"next":null},"#
          + #""window":{"count":0,"limit":2,"next":null},"gap":{"last":null,"minGap":14400000,"next":null}}}"#)
      let second = try await server.reserve("b", "u1", "deals")
      #expect(second.status == 200 && second.json["pass"] == false && second.json["reason"] == "gap", "\(second.text)")
      #expect(second.json["next"] == .number(1_700_014_400_000))
      #expect(second.json["dimensions"]["gap"]["last"] == .number(1_700_000_000_000))
      #expect(second.json["dimensions"]["user"]["count"] == 1)
    }
  }

  @Test func aCheckCountsNothing() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      for _ in 0..<3 {
        let check = try await server.post("/v1/fatigue/check", #"{"user":"u1","business":"news"}"#)
        #expect(check.status == 200 && check.json["pass"] == true && check.json["id"] == .null, "\(check.text)")
      }
      #expect(try await server.reserve("a", "u1", "news").json["pass"] == true)
      let check = try await server.post("/v1/fatigue/check", #"{"id":7,"user":"u1","business":"news"}"#)
      #expect(check.json["pass"] == false && check.json["reason"] == "window" && check.json["id"] == "7")
    }
  }

  @Test func theSameAgainChangesNothing() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      // What is counted is told as it would be without this one.
      for _ in 0..<3 {
        let reply = try await server.reserve("a", "u1", "order")
        #expect(reply.json["pass"] == true && reply.json["dimensions"]["window"]["count"] == 0, "\(reply.text)")
      }
      #expect(try await server.get("/v1/fatigue/users/u1").json["day"]["count"] == 1)
      #expect(try await server.settle("a", "u1", "unknown").text == #"{"id":"a","changed":true}"#)
      #expect(try await server.settle("a", "u1", "unknown").json["changed"] == false)
      #expect(try await server.settle("a", "u1", "release").json["changed"] == true)
      #expect(try await server.settle("a", "u1", "commit").json["changed"] == false)
      #expect(try await server.settle("never", "u1", "commit").json["changed"] == false)
      #expect(try await server.settle("a", "u2", "commit").json["changed"] == false)
      let user = try await server.get("/v1/fatigue/users/u1")
      #expect(user.json["day"]["count"] == 0, "\(user.text)")
      // Of another user it is another.
      #expect(try await server.reserve("a", "u2", "order").json["dimensions"]["window"]["count"] == 0)
    }
  }

  /// The id of one business is no id of another, and a retry after a failed push counts.
  @Test func anIdNamesOneReservation() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      #expect(try await server.reserve("a", "u1", "order").json["pass"] == true)
      let conflict = try await server.reserve("a", "u1", "news")
      #expect(conflict.status == 409 && conflict.isProblem && conflict.text.contains("id-in-use"), "\(conflict.text)")
      let batch = try await server.post(
        "/v1/fatigue/reserve",
        #"[{"id":"a","user":"u1","business":"news"},{"id":"a","user":"u1","business":"order"}]"#)
      #expect(batch.status == 200 && batch.json["results"][0]["error"]["code"] == "id-in-use", "\(batch.text)")
      #expect(batch.json["results"][1]["pass"] == true)
      for verb in ["check", "reserve"] {
        for other in [#""user":"u1","business":"news""#, #""user":"u2","business":"order""#] {
          let reply = try await server.post("/v1/fatigue/\(verb)", #"{"id":"a",\#(other)}"#)
          #expect(reply.status == 409 && reply.text.contains("id-in-use"), "\(reply.text)")
        }
      }
      for _ in 0..<2 {
        #expect(try await server.settle("a", "u1", "release").json["changed"] == true)
        #expect(try await server.reserve("a", "u1", "order").json["pass"] == true)
      }
      #expect(try await server.settle("a", "u1", "commit").json["changed"] == true)
      #expect(try await server.get("/v1/fatigue/users/u1").json["day"]["count"] == 1)
    }
  }

  @Test func aBatchTellsOfEachItem() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      let reply = try await server.post(
        "/v1/fatigue/reserve",
        """
        [{"id":"a","user":"u1","business":"news"}, {"id":"b","user":"u1","business":"news"},
         {"id":"c","user":"u1","business":"newz"}, {"id":"d","business":"news"}, {"id":"a","user":"u1","business":"news"},
         {"id":"e","user":"u1","business":"order","zone":"Asia/Shangai"}]
        """)
      #expect(reply.status == 200)
      #expect(reply.json["passed"] == 2 && reply.json["refused"] == 1 && reply.json["failed"] == 3, "\(reply.text)")
      let results = reply.json["results"]
      #expect(results.items.map { $0["pass"] } == [true, false, .null, .null, true, .null])
      #expect(results[1]["id"] == "b" && results[1]["reason"] == "window")
      #expect(results[2]["index"] == 2 && results[2]["id"] == "c")
      #expect(results[2]["error"]["code"] == "unknown-business")
      #expect(results[2]["error"]["hint"] == "did you mean 'news'?")
      #expect(results[3]["error"]["code"] == "missing" && results[3]["error"]["pointer"] == "/3/user")
      #expect(results.items.map { $0["id"] } == ["a", "b", "c", "d", "a", "e"], "also of those that cannot be read")
      #expect(results[5]["error"]["hint"] == "did you mean 'Asia/Shanghai'?")

      let settled = try await server.post(
        "/v1/fatigue/settle",
        #"{"id":"a","user":"u1","settle":"release"}"# + "\n" + #"{"id":"a","user":"u1","settle":"relase"}"# + "\n"
          + #"{"id":"a","user":"u1","settle":"commit"}"#, type: "application/x-ndjson")
      #expect(settled.status == 200)
      #expect(settled.json["changed"] == 1 && settled.json["unchanged"] == 1 && settled.json["failed"] == 1)
      #expect(settled.json["results"][1]["error"]["hint"] == "did you mean 'release'?", "\(settled.text)")
      #expect(settled.json["results"][1]["id"] == "a")
    }
  }

  @Test func whereEveryItemFailsTheRequestDoes() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      let reply = try await server.post(
        "/v1/fatigue/reserve", #"[{"id":"a","user":"u1","business":"x"},{"id":"b"}]"#)
      #expect(reply.status == 400 && reply.isProblem && reply.json["failed"] == 2, "\(reply.text)")
      #expect(reply.json["results"][1]["error"]["pointer"] == "/1/user")
      let empty = try await server.post("/v1/fatigue/settle", "[]")
      #expect(empty.status == 400 && empty.isProblem)
    }
  }

  @Test func aThousandAtMost() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      func body(_ count: Int) -> String {
        "[" + (0..<count).map { #"{"id":"\#($0)","user":"u\#($0)","business":"news"}"# }.joined(separator: ",") + "]"
      }
      for path in ["check", "reserve"] {
        let many = try await server.post("/v1/fatigue/\(path)", body(1001))
        #expect(many.status == 413 && many.isProblem && many.json["hint"].text?.contains("several") == true)
      }
      #expect(try await server.get("/v1/fatigue/users/u0").json["known"] == false)
      let all = try await server.post("/v1/fatigue/reserve", body(1000))
      #expect(all.status == 200 && all.json["passed"] == 1000 && all.json["results"].items.count == 1000)
      #expect(all.json["results"][999]["id"] == "999")
    }
  }

  @Test(arguments: [
    (#"{"id":"a","user":"u1","business":"newz"}"#, 404, "unknown-business", "did you mean 'news'?"),
    (#"{"id":"a","user":"u1","business":"x"}"#, 404, "unknown-business", "deals, news, order"),
    (#"{"id":"a","user":"u1"}"#, 400, "missing", "business"), (#"{"id":"a""#, 400, "malformed", ""),
    (#"{"user":"u1","business":"news"}"#, 400, "missing", "name for it"),
    (#"{"id":"a","user":"u1","business":"news","zone":"Mars"}"#, 400, "unknown-zone", "IANA"),
    (#"{"id":"a","user":"u1","business":"news","at":9223372036854775808}"#, 400, "absurdTime", ""),
    (#"{"id":"a","user":"u1","business":"news","at":9223372036854775807}"#, 400, "fromTheFuture", "clock"),
    (#"{"id":"a","user":"u1","business":"news","at":-9223372036854775808}"#, 400, "absurdTime", ""),
    (#"{"id":"a","user":"u1","business":"news","at":1700000000}"#, 400, "absurdTime", "seconds?"),
    (#"{"id":"a","user":"u1","business":"news","at":"soon"}"#, 400, "invalid", "epoch milliseconds"),
  ])
  func whatCannotBeJudged(body: String, status: Int, code: String, hint: String) async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      let reply = try await server.post("/v1/fatigue/reserve", body)
      #expect(reply.status == status && reply.isProblem, "\(reply.text)")
      #expect(reply.json["type"].text == "urn:attune:problem:\(code)", "\(reply.text)")
      if !hint.isEmpty { #expect(reply.json["hint"].text?.contains(hint) == true, "\(reply.text)") }
      #expect(try await server.get("/v1/fatigue/users/u1").json["known"] == false)
    }
  }

  /// Two businesses of a scene with one slot left, at the same millisecond: one passes, whoever comes first.
  @Test func twoBusinessesOfOneSceneAtOneMillisecond() async throws {
    let clock = TestClock(1_700_000_000_000)
    let policies = Fixture.policies.replacing("times: 2, window: 1d", with: "times: 1, window: 1d")
    try await TestServer.runFatigue(in: TemporaryFolder(), policies: policies, clock: ServerClock(believing: clock.now))
    { server in
      let at = clock.now().milliseconds
      let reply = try await server.post(
        "/v1/fatigue/reserve",
        """
        [{"id":"a","user":"u1","business":"news","at":\(at)},{"id":"b","user":"u1","business":"deals","at":\(at)}]
        """)
      #expect(reply.json["passed"] == 1 && reply.json["results"][1]["reason"] == "scene", "\(reply.text)")
      for round in 0..<40 {
        async let one = server.reserve("a\(round)", "v\(round)", "news", at: at)
        async let other = server.reserve("b\(round)", "v\(round)", "deals", at: at)
        let passed = try await [one, other].count { $0.json["pass"] == true }
        #expect(passed == 1)
      }
    }
  }

  @Test func aFullQueueAsksToComeBack() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder(), settings: { $0.queueLimit = 1 }) { server in
      let gate = Gate()
      let driver = server.server.driver
      async let blocked: Void = driver.read { _ in gate.wait() }
      async let first = server.reserve("a", "u1", "news")
      while driver.depth == 0 { try await Task.sleep(for: .milliseconds(5)) }
      let second = try await server.reserve("b", "u2", "news")
      gate.open()
      await blocked
      #expect(second.status == 429 && second.isProblem && second.header("Retry-After") == "1")
      #expect(try await first.json["pass"] == true)
      #expect(try await server.reserve("b", "u2", "news").json["pass"] == true)
    }
  }
}

/// A clock that tests set.
final class TestClock: Sendable {
  private let milliseconds: Mutex<Int64>

  init(_ milliseconds: Int64) { self.milliseconds = Mutex(milliseconds) }

  var now: @Sendable () -> Instant { { [self] in Instant(milliseconds: milliseconds.withLock { $0 }) } }
  func advance(by span: TimeSpan) { milliseconds.withLock { $0 += span.milliseconds } }
}

extension TestServer {
  func reserve(_ id: String, _ user: String, _ business: String, at: Int64? = nil) async throws -> Reply {
    let at = at.map { #","at":\#($0)"# } ?? ""
    return try await post(
      "/v1/fatigue/reserve", #"{"id":"\#(id)","user":"\#(user)","business":"\#(business)"\#(at)}"#)
  }

  func settle(_ id: String, _ user: String, _ settlement: String) async throws -> Reply {
    try await post("/v1/fatigue/settle", #"{"id":"\#(id)","user":"\#(user)","settle":"\#(settlement)"}"#)
  }
}
