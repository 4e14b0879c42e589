import AttuneModel
import Reach
import Runtime
import Store
import StoreSQLite
import Synchronization
import Testing

@testable import Server

@Suite struct StoppingTests {
  /// Clients send while the server stops: whatever was answered with 202 is in the journal.
  @Test func nothingAcknowledgedIsLost() async throws {
    let folder = try TemporaryFolder()
    let answered = Count()
    let acknowledged = try await TestServer.run(in: folder) { server in
      await withTaskGroup(of: [String].self) { group in
        for client in 0..<8 {
          group.addTask { await send(client, to: server) { answered.add() } }
        }
        group.addTask {
          // In the midst of it, however slow this machine is just now.
          for _ in 0..<600 where answered.value < 40 {
            try? await Task.sleep(for: .milliseconds(100))
          }
          await server.stop()
          return []
        }
        return await group.reduce(into: []) { $0 += $1 }
      }
    }
    #expect(acknowledged.count > 8)
    let store = try SQLiteStore.read(folder.path)
    var journaled: Set<String> = []
    try store.journal.batches(after: 0) { row in
      for case .event(let event) in try row.batch().inputs { if let id = event.id { journaled.insert(id) } }
    }
    #expect(Set(acknowledged).subtracting(journaled).isEmpty, "of \(acknowledged.count)")
    #expect(try store.journal.latestCheckpoint()?.sequence == store.journal.lastSequence)
    try store.close()
    // And the folder is free.
    try await TestServer.run(in: folder) { server in
      let first = acknowledged.first ?? ""
      let again = try await server.post("/v1/events", event(first))
      #expect(again.json["duplicates"] == 1)
    }
  }

  /// One client that has said half of a request and stays silent, one that only keeps its connection: neither holds up
  /// the stop, though a connection may be idle for longer.
  @Test func nobodyHoldsUpTheStop() async throws {
    let start = ContinuousClock.now
    try await TestServer.run(in: TemporaryFolder()) { server in
      #expect(ServerSettings().idle > .seconds(60))
      let half = try await Connection(port: server.port)
      try await half.send(
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{"
      )
      let whole = try await Connection(port: server.port)
      try await whole.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
      try await Task.sleep(for: .milliseconds(200))
    }
    // Well below the time that a connection may be idle, and above what a busy machine needs for eight seconds.
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  /// Between requests, for as long as the settings say; in the middle of one, for eight seconds.
  @Test func connectionsStayOpenAsLongAsIsSaid() async throws {
    try await TestServer.run(in: TemporaryFolder(), settings: { $0.idle = .seconds(1) }) { server in
      let idle = try await Connection(port: server.port)
      try await idle.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
      let time = try await idle.closed()
      #expect(time > .milliseconds(500) && time < .seconds(6), "\(time)")
    }
    try await TestServer.run(in: TemporaryFolder()) { server in
      let silent = try await Connection(port: server.port)
      try await silent.send("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n[")
      let idle = try await Connection(port: server.port)
      try await idle.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
      let time = try await silent.closed()
      #expect(time > .seconds(6) && time < .seconds(14), "\(time)")
      // The other one is still there.
      try await idle.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
      try await idle.close()
    }
  }

  private func event(_ id: String) -> String { #"{"id":"\#(id)","user":"u-\#(id)","event":"view"}"# }

  private final class Count: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
  }

  /// Until the server no longer answers; the ids that it took.
  private func send(_ client: Int, to server: TestServer, each: @Sendable () -> Void) async -> [String] {
    var taken: [String] = []
    for number in 0..<100_000 {
      let id = "\(client)-\(number)"
      guard let reply = try? await server.send(.post, "/v1/events", event(id), seconds: 30) else { break }
      guard reply.status == 202 else { break }
      taken.append(id)
      each()
    }
    return taken
  }
}
