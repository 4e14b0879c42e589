import API
import AttuneModel
import Codec
import Foundation
import Testing

@testable import Server

/// What holds of every route, by the table: a new one is held to it.
@Suite struct RoutesTests {
  private func method(_ route: Route) -> TestServer.Method {
    TestServer.Method(rawValue: route.method.rawValue) ?? .get
  }

  private func address(_ route: Route) -> String { route.address(route.pathParameters.map { _ in "x" }) }

  /// A body that its route would take.
  private func body(of route: Route) throws -> (json: AnyJSON, text: String, type: String)? {
    switch route.body {
    case .json(let type)?, .items(let type)?, .document(let type)?:
      let json = try AnyJSON(encoding: type.sample)
      return (json, String(decoding: try JSONWriter.text(of: json), as: UTF8.self), "application/json")
    case .text(let type)?: return (.text("u1"), "u1\n", type)
    case .either?, .standard?, nil: return nil
    }
  }

  private func ask(_ route: Route, _ query: String = "", of server: TestServer) async throws -> TestServer.Reply {
    let body = try body(of: route)
    return try await server.send(method(route), address(route) + query, body?.text, type: body?.type)
  }

  @Test func everyRouteHasAHandler() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for route in Route.all {
        let reply = try await ask(route, of: server)
        #expect(reply.status != 405 && reply.json["type"] != "urn:attune:problem:no-such-route", "\(route.id)")
        #expect(reply.status != 500, "\(route.id): \(reply.text)")
      }
    }
  }

  @Test func onlyThePartOfTheServerIsThere() async throws {
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      let served = try await server.get("/openapi.json").json["paths"]
      for route in Route.all {
        let isServed = served[route.path][route.method.rawValue] != .null
        #expect(isServed == (route.part != .engine), "\(route.id)")
        if !isServed { #expect(try await ask(route, of: server).status == 404, "\(route.id)") }
      }
    }
  }

  @Test func aParameterThatMeansNothingIsRefused() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for route in Route.all {
        let reply = try await ask(route, "?nonsense=1", of: server)
        #expect(reply.status == 400 && reply.isProblem, "\(route.id): \(reply.text)")
        #expect(reply.json["type"] == "urn:attune:problem:unknown-parameter")
        #expect(reply.json["parameter"] == "nonsense" && reply.json["hint"].text != nil)
        for parameter in route.query {
          let near = try await ask(route, "?\(parameter.name)s=true", of: server)
          #expect(near.status == 400 && near.json["hint"] == .text("did you mean '\(parameter.name)'?"), "\(near.text)")
          let value = parameter.example
          let twice = try await ask(route, "?\(parameter.name)=\(value)&\(parameter.name)=\(value)", of: server)
          #expect(twice.status == 400 && twice.json["parameter"] == .text(parameter.name), "\(twice.text)")
        }
      }
    }
  }

  /// `{"dryRun": true}` in the body of a launch would launch.
  @Test func aBodyThatMeansNothingIsRefused() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for route in Route.all where route.body == nil {
        let reply = try await server.send(
          method(route), address(route), #"{"dryRun":true}"#, type: "application/json")
        #expect(
          reply.status == 400 && reply.json["type"] == "urn:attune:problem:unexpected-body",
          "\(route.id): \(reply.text)")
      }
    }
  }

  /// It published, before parameters were checked.
  @Test func aMisspeltDryRunChangesNothing() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      var files = Fixture.files
      files["businesses/nudge.yaml"] = nil
      let slip = try await server.publish(files, query: "?dryrun=true")
      #expect(slip.status == 400 && slip.json["hint"] == "did you mean 'dryRun'?", "\(slip.text)")
      #expect(try await server.publish(Fixture.files, query: "?dryRun=true").json["differs"] == false)
    }
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      let slip = try await server.put("/v1/fatigue/policies?dryrun=true", "zone: UTC\nuser: { perDay: 1 }\n")
      #expect(slip.status == 400 && slip.json["hint"] == "did you mean 'dryRun'?", "\(slip.text)")
      #expect(try await server.get("/v1/fatigue/policies").json["user"]["perDay"] == 3)
    }
  }

  @Test func aMemberThatMeansNothingIsRefused() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for route in Route.all where route.id != .putPolicies { try await misspell(route, on: server) }
    }
    try await TestServer.runFatigue(in: TemporaryFolder()) { server in
      for route in Route.all where route.part == .fatigue { try await misspell(route, on: server) }
    }
  }

  private func misspell(_ route: Route, on server: TestServer) async throws {
    guard let body = try body(of: route), case .object(var members) = body.json else { return }
    var isOpen = false
    switch route.body {
    // An event's properties and a profile's are its sender's own.
    case .json(let type)?, .items(let type)?: isOpen = Schema(of: type).memberNames == nil
    case .document?, .either?, .text?, .standard?, nil: break
    }
    let first = try #require(members.first?.name)
    members.append(AnyJSON.Member(first + "z", 1))
    let text = String(decoding: try JSONWriter.text(of: AnyJSON.object(members)), as: UTF8.self)
    let reply = try await server.send(method(route), address(route), text, type: body.type)
    if isOpen {
      #expect(reply.status < 300, "\(route.id): \(reply.text)")
    } else {
      #expect(reply.status == 400 || reply.status == 422, "\(route.id): \(reply.text)")
      #expect(reply.text.contains("did you mean '\(first)'?"), "\(route.id): \(reply.text)")
    }
    if case .items? = route.body, !isOpen {
      let line = try await server.send(method(route), address(route), text + "\n", type: "application/x-ndjson")
      #expect(line.status == 400 && line.text.contains("did you mean '\(first)'?"), "\(route.id): \(line.text)")
    }
  }

  /// Members within members, too.
  @Test func whatACopysPastHasIsKnown() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let reply = try await server.post(
        "/v1/copies", #"{"id":"a","title":"t","body":"b","past":{"sends":1,"click":2}}"#)
      #expect(reply.status == 400 && reply.json["hint"] == "did you mean 'clicks'?", "\(reply.text)")
      #expect(reply.json["errors"][0]["pointer"] == "/past/click", "\(reply.text)")
      // What is told of a copy can be sent back.
      #expect(try await server.post("/v1/copies", #"{"id":"a","title":"t","body":"b"}"#).status == 200)
      let told = try await server.get("/v1/copies/a")
      #expect(try await server.post("/v1/copies", told.text).json["unchanged"] == 1)
    }
  }

  @Test func whereThereIsGetThereIsHead() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for route in Route.all where route.method == .get {
        let get = try await server.get(address(route))
        let head = try await server.send(.head, address(route))
        #expect(head.status == get.status && head.body.isEmpty, "\(route.id)")
        #expect(head.header("Content-Type") == get.header("Content-Type"))
        // The metrics have counted the request before.
        if route.id != .getMetrics, get.status == 200 {
          #expect(head.header("Content-Length") == get.header("Content-Length"), "\(route.id)")
        }
      }
      #expect(try await server.send(.head, "/v1/nothing").status == 404)
    }
  }

  @Test func theWrongMethodIsToldTheRightOnes() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for path in Set(Route.all.map(\.path)) {
        let routes = Route.all.filter { $0.path == path }
        let methods = routes.map { $0.method.rawValue.uppercased() }
        let allowed = (methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted().joined(separator: ", ")
        let first = try #require(routes.first)
        let wrong = TestServer.Method.others.first { !methods.contains($0.rawValue.uppercased()) } ?? .patch
        for method in [wrong, .patch] {
          let reply = try await server.send(method, address(first), method == .patch ? "{}" : nil)
          #expect(reply.status == 405 && reply.header("Allow") == allowed, "\(path): \(reply.text)")
        }
      }
    }
  }

  @Test func theDescriptionIsServedToEverybody() async throws {
    let key = "kq8e7Xn3vTz1mW5yRb2c"
    try await TestServer.run(in: TemporaryFolder(), key: key, settings: { $0.address.host = "0.0.0.0" }) { server in
      let reply = try await server.get("/openapi.json")
      #expect(reply.status == 200 && reply.header("Content-Type") == "application/json")
      #expect(reply.json["openapi"] == "3.1.0")
      for route in Route.all {
        let status = try await ask(route, of: server).status
        #expect((status == 401) == (route.scope != .open), "\(route.id)")
      }
    }
  }
}

extension TestServer.Method {
  /// Such as an address may take, without a body.
  fileprivate static let others: [Self] = [.get, .delete]
}

extension Parameter {
  /// A value that it takes.
  fileprivate var example: String {
    switch kind {
    case .text, .cursor: "1.0"
    case .flag: "true"
    case .integer(let range): "\(max(1, range.lowerBound))"
    case .choice(let texts): texts.first ?? ""
    case .day: "2026-11-11"
    }
  }
}
