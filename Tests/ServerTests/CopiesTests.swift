import AttuneModel
import Testing

@testable import Server

@Suite struct CopiesTests {
  private static let some = """
    [{"id":"run","title":"新款跑鞋","body":"限时大促","tags":["sale","shoes"],"scene":"feed","language":"zh-CN",
      "past":{"sends":5000,"clicks":200,"optOuts":3}},
     {"id":"run2","title":"跑鞋返场","body":"限时","tags":["sale"],"language":"zh"},
     {"id":"mail","title":"Free shipping","body":"on all shoes","language":"en"}]
    """

  private func ids(_ reply: TestServer.Reply) -> [String?] { reply.json["copies"].items.map(\.["id"].text) }

  @Test func postGetAndDelete() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let empty = try await server.get("/v1/copies")
      #expect(empty.status == 200 && ids(empty).isEmpty && empty.json["next"] == .null)
      let post = try await server.post("/v1/copies", Self.some)
      #expect(post.status == 200 && post.json["added"] == 3 && post.json["changed"] == 0)
      let again = try await server.post(
        "/v1/copies", #"{"id":"mail","title":"Free returns","body":"on all shoes","language":"en"}"# + "\n",
        type: "application/x-ndjson")
      #expect(again.json["changed"] == 1 && again.json["added"] == 0)
      let one = try await server.get("/v1/copies/mail")
      #expect(one.json["title"] == "Free returns" && one.json["freshness"]["state"] == "new")
      #expect(one.json["prior"]["mean"] != .null && one.json["days"] == .array([]))
      let run = try await server.get("/v1/copies/run").json
      #expect(run["counts"]["sends"] == 5000 && run["past"]["clicks"] == 200 && run["tags"][1] == "shoes")
      // What is told of a copy can be sent back.
      let told = try await server.get("/v1/copies/run").text
      #expect(try await server.post("/v1/copies", told).json["unchanged"] == 1)
      #expect(try await server.send(.delete, "/v1/copies/run").status == 204)
      let gone = try await server.send(.delete, "/v1/copies/run")
      #expect(gone.status == 404 && gone.isProblem && gone.json["hint"] == "did you mean 'run2'?")
      let near = try await server.get("/v1/copies/mai")
      #expect(near.status == 404 && near.isProblem && near.json["hint"] == "did you mean 'mail'?")
      #expect(ids(try await server.get("/v1/copies")) == ["mail", "run2"])
    }
  }

  @Test func searchFilterAndPages() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      _ = try await server.post("/v1/copies", Self.some)
      func found(_ query: String) async throws -> [String?] { ids(try await server.get("/v1/copies?" + query)) }
      #expect(Set(try await found("q=%E8%B7%91%E9%9E%8B")) == ["run", "run2"])
      let queries = [
        ("q=%E8%B7%91%E9%9E%8B%20%E5%A4%A7%E4%BF%83", ["run"]), ("q=%22", []), ("q=NOT%20(%20OR*", []),
        ("q=shoes&language=en", ["mail"]), ("language=zh", ["run", "run2"]), ("tag=shoes", ["run"]),
        ("scene=feed&tag=sale", ["run"]),
      ]
      for (query, ids) in queries { #expect(try await found(query) == ids, "\(query)") }
      let first = try await server.get("/v1/copies?limit=2")
      #expect(ids(first) == ["mail", "run"] && first.json["next"] == "run")
      let second = try await server.get("/v1/copies?limit=2&after=run")
      #expect(ids(second) == ["run2"] && second.json["next"] == .null)
      for wrong in ["limit=0", "limit=x", "after=nobody", "q=" + String(repeating: "x", count: 1001)] {
        let reply = try await server.get("/v1/copies?" + wrong)
        #expect(reply.status == 400 && reply.isProblem, "\(wrong.prefix(20))")
      }
      let similar = try await server.get("/v1/copies/run/similar?limit=5")
      #expect(ids(similar) == ["run2"])
      #expect(try await server.get("/v1/copies/run/similar?limit=0").status == 400)
      #expect(try await server.get("/v1/copies/none/similar").status == 404)
      #expect(try await server.send(.put, "/v1/copies", "{}").status == 405)
    }
  }

  @Test func allOrNothing() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let bad = try await server.post(
        "/v1/copies",
        #"[{"id":"a","title":"t","body":"b"},{"id":"b","title":"{{x","body":"b"},{"id":"a","title":"t","body":"b"}]"#)
      #expect(bad.status == 400 && bad.isProblem, "\(bad.text)")
      #expect(bad.json["errors"].items.map(\.["pointer"].text) == ["/1/title", "/2/id"], "\(bad.text)")
      #expect(ids(try await server.get("/v1/copies")).isEmpty)
      #expect(try await server.post("/v1/copies", "[]").status == 400)
      #expect(try await server.post("/v1/copies", "{}", type: "text/csv").status == 415)
    }
  }

  /// A campaign that names copies is launched with their words, as they are at that moment.
  @Test func aCampaignNamesCopies() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      _ = try await server.post("/v1/copies", Self.some)
      _ = try await server.send(.put, "/v1/users/u1", #"{"consent":true}"#)
      func launch(_ copy: String) async throws -> TestServer.Reply {
        let text = """
          campaign: spring
          scene: service
          fatigue: { days: 1, times: 1, minGap: 0s }
          audience: everybody
          holdout: 0%
          materials: [{ copy: \(copy) }, { id: own, title: "t", body: "b" }]
          """
        return try await server.post("/v1/campaigns", text, type: "application/yaml")
      }
      let unknown = try await launch("rum")
      #expect(
        unknown.status == 422 && unknown.isProblem && unknown.text.contains("did you mean 'run'?"), "\(unknown.text)")
      let launched = try await launch("run")
      #expect(launched.status == 202, "\(launched.text)")
      let report = try await server.get("/v1/campaigns/spring")
      #expect(report.text.contains(#""run""#), "\(report.text)")
      // What is believed changes; what is said does not.
      _ = try await server.post(
        "/v1/copies", #"{"id":"run","title":"新款跑鞋","body":"限时大促","past":{"sends":9000,"clicks":20}}"#)
      #expect(try await launch("run").status == 200)
      _ = try await server.post("/v1/copies", #"{"id":"run","title":"新款","body":"限时大促"}"#)
      #expect(try await launch("run").status == 409)
    }
  }

  /// So does one of the folder: looked up when it is launched, told of before, and frozen from then on.
  @Test func aFoldersCampaignNamesCopies() async throws {
    var files = Fixture.files
    files["campaigns/spring.yaml"] = """
      campaign: spring
      scene: service
      fatigue: { days: 1, times: 1, minGap: 0s }
      audience: everybody
      holdout: 0%
      quotas: { copies: { run: { max: 3 } } }
      materials:
        - { copy: run }
        - { copy: rain }
      """
    let folder = try TemporaryFolder()
    // Without any library it starts all the same.
    try await TestServer.run(in: folder, files: files) { [files] server in
      _ = try await server.post("/v1/copies", Self.some)
      _ = try await server.send(.put, "/v1/users/u1", #"{"consent":true}"#)
      func warnings() async throws -> [JSON] { try await server.publish(files).json["warnings"].items }
      let missing = try await warnings()
      #expect(missing.count == 1 && missing[0]["message"] == "there is no copy 'rain' in the library", "\(missing)")
      #expect(missing[0]["file"] == "campaigns/spring.yaml" && missing[0]["line"] == 9)
      let refused = try await server.post("/v1/campaigns/spring/launch", "")
      #expect(refused.status == 422 && refused.isProblem && refused.text.contains("no copy 'rain'"), "\(refused.text)")
      _ = try await server.post("/v1/copies", #"{"id":"rain","title":"Wet {{item}}?","body":"b"}"#)
      let unfit = try await warnings()
      #expect(unfit.count == 1 && unfit[0]["message"].text?.contains("uses 'item'") == true, "\(unfit)")
      #expect(try await server.post("/v1/campaigns/spring/launch", "").status == 422)
      _ = try await server.post("/v1/copies", #"{"id":"rain","title":"Wet?","body":"b"}"#)
      #expect(try await warnings().isEmpty)
      let launched = try await server.post("/v1/campaigns/spring/launch", "")
      #expect(launched.status == 202 && launched.json["audience"] == 1, "\(launched.text)")
      #expect(try await server.post("/v1/campaigns/spring/launch", "").status == 200)
      #expect(try await server.send(.delete, "/v1/copies/rain").status == 204)
      #expect(try await warnings().isEmpty, "what was launched needs no library")
    }
    try await TestServer.run(in: folder, files: files) { server in
      let report = try await server.get("/v1/campaigns/spring")
      #expect(report.text.contains("新款跑鞋") && report.text.contains("Wet?"), "\(report.text)")
    }
  }

  /// A material of a business that has the id of a copy of the library is that copy.
  @Test func whatIsSentIsCounted() async throws {
    let folder = try TemporaryFolder()
    try await TestServer.run(in: folder) { server in
      _ = try await server.post("/v1/copies", #"{"id":"gentle","title":"Still thinking?","body":"It is waiting"}"#)
      _ = try await server.send(.put, "/v1/users/u1", #"{"consent":true}"#)
      _ = try await server.post("/v1/events", Fixture.views(3, of: "x", by: "u1"))
      _ = try await server.post("/v1/events", #"{"id":"z","user":"u2","event":"other"}"#)
      _ = try await server.eventually("/v1/reports/funnel?by=material") { $0.text.contains(#""accepted":1"#) }
      let message = JSON(Array((folder.lines(of: "sent.ndjson").first ?? "").utf8))["id"].text ?? ""
      _ = try await server.post("/v1/receipts", #"{"message":"\#(message)","event":"converted"}"#)
      // Read anew: nothing here is older than a few seconds.
      let reply = try await server.eventually("/v1/copies/gentle") { $0.json["counts"]["conversions"] == 1 }
      #expect(reply.json["counts"]["sends"] == 1 && reply.json["counts"]["conversions"] == 1, "\(reply.text)")
      #expect(reply.json["days"].items.count == 1)
      // Taken out and brought back, it did what it did.
      #expect(try await server.send(.delete, "/v1/copies/gentle").status == 204)
      #expect(ids(try await server.get("/v1/copies?q=waiting")).isEmpty)
      _ = try await server.post("/v1/copies", #"{"id":"gentle","title":"Still thinking?","body":"It is waiting"}"#)
      #expect(try await server.get("/v1/copies/gentle").json["counts"]["sends"] == 1)
      #expect(ids(try await server.get("/v1/copies?q=waiting")) == ["gentle"])
    }
  }
}
