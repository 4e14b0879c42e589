import AttuneModel
import Foundation
import Testing

@testable import Server

/// Bodies that are slow, endless, many or compressed, over real sockets and with small limits.
@Suite struct BodiesTests {
  private func head(_ path: String, type: String = "application/json", _ more: String) -> String {
    "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n\(more)\r\n\r\n"
  }

  @Test func manyAtOnceHaveABudget() async throws {
    try await TestServer.run(in: TemporaryFolder(), settings: { $0.bodiesLimit = 100_000 }) { server in
      let piece = String(repeating: " ", count: 40_000)
      let held = try await (0..<2).asyncMap { _ in
        let connection = try await Connection(port: server.port)
        try await connection.send(head("/v1/events", "Content-Length: 50000") + piece)
        return connection
      }
      try await Task.sleep(for: .milliseconds(300))
      let one = try await server.post("/v1/events", piece + #"{"user":"u","event":"view"}"#)
      #expect(one.status == 503 && one.header("Retry-After") == "2" && one.isProblem, "\(one.text)")
      // Small ones go on, and what was held is free again.
      #expect(try await server.post("/v1/events", #"{"user":"u","event":"view"}"#).status == 202)
      for connection in held { try await connection.close() }
      var last = one
      for _ in 0..<100 where last.status != 202 {
        try await Task.sleep(for: .milliseconds(50))
        last = try await server.post("/v1/events", piece + #"{"user":"u","event":"view"}"#)
      }
      #expect(last.status == 202, "\(last.text)")
    }
  }

  @Test func aWholeBodyHasADeadline() async throws {
    try await TestServer.run(in: TemporaryFolder(), settings: { $0.bodyTime = .seconds(1) }) { server in
      let slow = try await Connection(port: server.port)
      try await slow.send(head("/v1/events", "Content-Length: 1000"))
      let start = ContinuousClock.now
      // A byte now and then does not help.
      let dripping = Task {
        for _ in 0..<200 {
          try await slow.send(" ")
          try await Task.sleep(for: .milliseconds(50))
        }
      }
      let answer = try await slow.answer { $0.hasSuffix("}") }
      #expect(answer.hasPrefix("HTTP/1.1 408") && answer.contains("took too long"), "\(answer)")
      _ = try await slow.closed()
      #expect(ContinuousClock.now - start < .seconds(6))
      dripping.cancel()
      // As is a stream of users.
      let users = try await Connection(port: server.port)
      try await users.send(head("/v1/campaigns/sale/audience", type: "text/plain", "Transfer-Encoding: chunked"))
      try await users.send("3\r\nu1\n\r\n")
      let told = try await users.answer { $0.hasSuffix("}") }
      #expect(told.hasPrefix("HTTP/1.1 408"), "\(told)")
    }
  }

  /// However long an audience is, a line of it is short: an endless one is refused while it comes.
  @Test func anEndlessLineIsRefusedWhileItComes() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let users = try await Connection(port: server.port)
      try await users.send(
        head("/v1/campaigns/sale/audience", type: "text/plain", "Content-Length: 1000000000")
          + String(repeating: "x", count: 10_000))
      let answer = try await users.answer { $0.hasSuffix("}") }
      #expect(answer.hasPrefix("HTTP/1.1 400") && answer.contains("4096 bytes"), "\(answer)")
      try await users.close()
    }
  }

  @Test func theWaitingAreLetIn() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let body = #"{"user":"u","event":"view"}"#
      let waiting = try await Connection(port: server.port)
      let expects = "Content-Length: \(body.utf8.count)\r\nExpect: 100-continue"
      for number in 1...2 {
        try await waiting.send(head("/v1/events", expects))
        let leave = try await waiting.answer { $0.components(separatedBy: "100 Continue\r\n\r\n").count > number }
        #expect(leave.contains("HTTP/1.1 100 Continue\r\n\r\n"), "\(leave)")
        try await waiting.send(body)
        let answer = try await waiting.answer { $0.components(separatedBy: "\"results\"").count > number }
        #expect(answer.contains("HTTP/1.1 202"), "\(answer)")
      }
      // Who is refused need not send it; the connection ends, so that nobody reads the next request as the body.
      let refused = try await Connection(port: server.port)
      try await refused.send(head("/v1/events", type: "text/plain", expects))
      let answer = try await refused.answer { $0.hasSuffix("}") }
      #expect(answer.hasPrefix("HTTP/1.1 415") && answer.lowercased().contains("connection: close"), "\(answer)")
      #expect(try await refused.closed() < .seconds(5))
      let odd = try await server.send(.post, "/v1/events", body, headers: ["Expect": "tea"])
      #expect(odd.status == 417, "\(odd.text)")
    }
  }

  /// `{"user":"u","event":"view"}`.
  private static let gzip: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 45, 78, 45, 82, 178, 82, 42, 85, 210, 81, 74, 45, 75, 205, 43, 1, 178,
    203, 50, 83, 203, 149, 106, 1, 161, 40, 9, 243, 27, 0, 0, 0,
  ]
  private static let zlib: [UInt8] = [
    120, 218, 171, 86, 42, 45, 78, 45, 82, 178, 82, 42, 85, 210, 81, 74, 45, 75, 205, 43, 1, 178, 203, 50, 83, 203, 149,
    106, 1, 120, 171, 8, 186,
  ]
  private static let bare: [UInt8] = [
    171, 86, 42, 45, 78, 45, 82, 178, 82, 42, 85, 210, 81, 74, 45, 75, 205, 43, 1, 178, 203, 50, 83, 203, 149, 106, 1,
  ]
  /// Two million zeros.
  private static let bomb =
    "H4sIAAAAAAACA+3BAQEAAACCIP+vbkhAAQ" + String(repeating: "A", count: 2582) + "bwZBHVpCgIQeAA=="

  private func post(_ bytes: [UInt8], _ coding: String, to server: TestServer) async throws -> String {
    let connection = try await Connection(port: server.port)
    let head = head("/v1/events", "Content-Length: \(bytes.count)\r\nContent-Encoding: \(coding)\r\nConnection: close")
    try await connection.send(Array(head.utf8) + bytes)
    let answer = try await connection.answer { $0.hasSuffix("}") }
    try await connection.close()
    return answer
  }

  @Test func compressedBodiesAreRead() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for (bytes, coding) in [
        (Self.gzip, "gzip"),
        (
          Self.gzip,
          "X-GZIP"
        ), (Self.zlib, "deflate"), (Self.bare, "deflate"),
        (Array(#"{"user":"u","event":"view"}"#.utf8), "identity"),
      ] {
        let answer = try await post(bytes, coding, to: server)
        #expect(answer.hasPrefix("HTTP/1.1 202"), "\(coding): \(answer)")
      }
      let bomb = try #require(Data(base64Encoded: Self.bomb))
      let dense = try await post(Array(bomb), "gzip", to: server)
      #expect(dense.hasPrefix("HTTP/1.1 413") && dense.contains("200 times"), "\(dense)")
      for (bytes, coding) in [(Self.gzip.dropLast(), "gzip"), (Self.zlib[...], "gzip"), (Self.gzip[2...], "deflate")] {
        let answer = try await post(Array(bytes), coding, to: server)
        #expect(answer.hasPrefix("HTTP/1.1 400"), "\(coding): \(answer)")
      }
      for coding in ["br", "zstd", "gzip, gzip", "compress"] {
        let answer = try await post(Self.gzip, coding, to: server)
        #expect(answer.hasPrefix("HTTP/1.1 415") && answer.contains("'\(coding)'"), "\(coding): \(answer)")
        #expect(answer.lowercased().contains("accept-encoding: gzip, deflate"), "\(answer)")
      }
    }
  }

  @Test func namesAreReadOnce() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      var files = Fixture.files
      files["businesses/nudge.yaml"] = nil
      for query in [
        "?%64ryrun=true", "?dryRun=true&%64ryRun=false", "?dryRun=false&dryRun=true", "?dryRun=%zz", "?=true",
      ] {
        let reply = try await server.publish(files, query: query)
        #expect(reply.status == 400 && reply.isProblem, "\(query): \(reply.text)")
      }
      let spelt = try await server.publish(files, query: "?%64ryRun=%74rue")
      #expect(spelt.json["dryRun"] == true && spelt.json["changed"] == false, "\(spelt.text)")
      for body in [
        #"{"files":{"attune.yaml":"a"},"files":{"attune.yaml":"b"}}"#,
        #"{"files":{"attune.yaml":"a"},"fi\u006ces":{"attune.yaml":"b"}}"#,
        #"{"files":{"attune.yaml":"a","attune.yaml":"b"}}"#,
      ] {
        let reply = try await server.post("/v1/configuration", body)
        #expect(reply.status == 400 && reply.json["type"] == "urn:attune:problem:duplicate", "\(reply.text)")
      }
      #expect(try await server.publish(Fixture.files, query: "?dryRun=true").json["differs"] == false)
    }
  }
}

extension Range<Int> {
  fileprivate func asyncMap<T>(_ make: (Int) async throws -> T) async rethrows -> [T] {
    var made: [T] = []
    for number in self { made.append(try await make(number)) }
    return made
  }
}
