import AttuneModel
import Reach
import Runtime
import Store
import StoreSQLite
import Testing

@testable import Server

@Suite struct StoppingTests {
  /// Clients send while the server stops: whatever was answered with 202 is in the journal.
  @Test func nothingAcknowledgedIsLost() async throws {
    let folder = try TemporaryFolder()
    let acknowledged = try await TestServer.run(in: folder) { server in
      await withTaskGroup(of: [String].self) { group in
        for client in 0..<8 {
          group.addTask { await send(client, to: server) }
        }
        group.addTask {
          try? await Task.sleep(for: .milliseconds(300))
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

  private func event(_ id: String) -> String { #"{"id":"\#(id)","user":"u-\#(id)","event":"view"}"# }

  /// Until the server no longer answers; the ids that it took.
  private func send(_ client: Int, to server: TestServer) async -> [String] {
    var taken: [String] = []
    for number in 0..<100_000 {
      let id = "\(client)-\(number)"
      guard let reply = try? await server.send(.post, "/v1/events", event(id), seconds: 2) else { break }
      if reply.status == 202 { taken.append(id) } else { break }
    }
    return taken
  }
}
