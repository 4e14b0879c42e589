import API
import AttuneModel
import Foundation
import Reach
import Runtime
import Testing

@testable import Server

/// What computes for long holds neither the driver nor the threads that answer others.
@Suite(.serialized) struct LivenessTests {
  private func copies(_ range: Range<Int>) -> String {
    range.map {
      #"{"id":"c\#($0)","title":"shoes number \#($0)","body":"light and warm","tags":["t\#($0 % 7)"]}"#
    }.joined(separator: "\n")
  }

  /// How long half of the answers take at most while `load` runs; single ones may wait for a busy machine.
  private func answerTime(of server: TestServer, _ path: String, while load: @Sendable () async throws -> Void)
    async throws -> Duration
  {
    let asking = Task {
      var times: [Duration] = []
      while !Task.isCancelled {
        let start = ContinuousClock.now
        do {
          let reply = try await server.send(.get, path, seconds: 60)
          #expect(reply.status < 500, "\(reply.text)")
        } catch {
          // The last one may be cut off.
          if !Task.isCancelled { throw error }
        }
        times.append(ContinuousClock.now - start)
        try? await Task.sleep(for: .milliseconds(10))
      }
      return times.sorted()[times.count / 2]
    }
    try await load()
    asking.cancel()
    return try await asking.value
  }

  @Test func searchesLeaveOthersTheirTurn() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for start in stride(from: 0, to: 6000, by: 1500) {
        let reply = try await server.post("/v1/copies", copies(start..<start + 1500), type: "application/x-ndjson")
        #expect(reply.status == 200, "\(reply.text)")
      }
      let alone = ContinuousClock.now
      #expect(try await server.get("/v1/copies?q=shoes").status == 200)
      let once = ContinuousClock.now - alone
      let start = ContinuousClock.now
      let median = try await answerTime(of: server, "/livez") {
        try await withThrowingTaskGroup { group in
          for number in 0..<32 {
            group.addTask { try await server.send(.get, "/v1/copies?q=shoes&tag=t\(number % 7)", seconds: 60).status }
          }
          for try await status in group { #expect(status == 200) }
        }
      }
      let all = ContinuousClock.now - start
      print("32 searches: \(all), one: \(once), /livez \(median)")
      #expect(median < all / 4, "of \(all)")
    }
  }

  /// Pages are found in the index, with filters and without, and are the pages of the whole.
  @Test func pagesOfASearchAreWhole() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      _ = try await server.post("/v1/copies", copies(0..<300), type: "application/x-ndjson")
      func ids(_ query: String) async throws -> [String] {
        var (ids, after) = ([String](), "")
        for _ in 0..<200 {
          let page = try await server.get("/v1/copies?\(query)" + (after.isEmpty ? "" : "&after=\(after)")).json
          ids += page["copies"].items.compactMap { $0["id"].text }
          guard let next = page["next"].text else { return ids }
          after = next
        }
        return ids
      }
      for query in ["q=shoes", "q=shoes&tag=t3", "q=number%207", "tag=t3", ""] {
        let whole = try await ids(query + "&limit=500")
        #expect(!whole.isEmpty && Set(whole).count == whole.count, "\(query)")
        for limit in [1, 7, 100] where limit > 1 || whole.count < 50 {
          #expect(try await ids(query + "&limit=\(limit)") == whole, "\(query), \(limit) a page")
        }
      }
      #expect(try await server.get("/v1/copies?q=shoes&after=nobody").status == 400)
    }
  }

  /// 400 rules are compiled; meanwhile the driver answers others.
  @Test func aDryRunHoldsNobodyUp() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      var files = Fixture.files
      for number in 0..<400 {
        files["rules/r\(number).yaml"] = Fixture.files["rules/interested.yaml"]?
          .replacing("rule: interested", with: "rule: r\(number)").replacing("view", with: "view\(number)")
      }
      let start = ContinuousClock.now
      let median = try await answerTime(of: server, "/v1/users/u1") { [files] in
        let reply = try await server.publish(files, query: "?dryRun=true")
        #expect(reply.json["differs"] == true && reply.json["rules"] == 401, "\(reply.text.prefix(300))")
      }
      let took = ContinuousClock.now - start
      print("a dry run of 400 rules: \(took), a user \(median)")
      #expect(median < took / 4, "of \(took)")
    }
  }
}
