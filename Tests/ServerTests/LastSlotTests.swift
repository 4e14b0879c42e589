import AsyncHTTPClient
import AttuneModel
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import Server

/// Callers at once for what only one of them can have.
@Suite struct LastSlotTests {
  private static let callers = 64
  /// A round is 64 requests; `ATTUNE_LAST_SLOT_ROUNDS=100000` for the long run.
  private static let rounds =
    ProcessInfo.processInfo.environment["ATTUNE_LAST_SLOT_ROUNDS"].flatMap(Int.init) ?? 80

  @Test func exactlyOnePasses() async throws {
    var configuration = HTTPClient.Configuration()
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.callers
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let folder = try TemporaryFolder()
    var failures: [String] = []
    do {
      failures = try await TestServer.runFatigue(in: folder) { server in
        var failures: [String] = []
        for round in 0..<Self.rounds {
          let passed = try await Self.passed(in: round, on: server, client)
          if passed != 1 { failures.append("round \(round): \(passed) passed") }
        }
        return failures
      }
    } catch {
      try await client.shutdown()
      throw error
    }
    try await client.shutdown()
    #expect(failures.isEmpty, "\(failures.prefix(5)) of \(Self.rounds) rounds")
  }

  /// How many of all callers were told they may.
  private static func passed(in round: Int, on server: TestServer, _ client: HTTPClient) async throws -> Int {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for caller in 0..<callers {
        group.addTask {
          var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/v1/fatigue/reserve")
          request.method = .POST
          request.headers.add(name: "Content-Type", value: "application/json")
          request.body = .bytes(
            ByteBuffer(string: #"{"id":"\#(round)-\#(caller)","user":"u\#(round)","business":"news"}"#))
          let response = try await client.execute(request, timeout: .seconds(20))
          let body = try await response.body.collect(upTo: 1 << 16)
          return JSON(body.readableBytesView)["pass"] == true
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
  }
}
