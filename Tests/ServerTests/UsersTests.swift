import AttuneModel
import Codec
import Testing

@testable import Server

@Suite struct UsersTests {
  @Test func putGetAndForget() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      #expect(try await server.get("/v1/users/u1").status == 404)
      let put = try await server.send(
        .put, "/v1/users/u1", #"{"zone":"Asia/Tokyo","city":"Hangzhou","topics":{"deals":false},"age":30}"#)
      #expect(put.status == 204)
      let reply = try await server.get("/v1/users/u1")
      #expect(reply.status == 200)
      #expect(reply.json["profile"]["city"] == "Hangzhou")
      #expect(reply.json["profile"]["topics.deals"] == false)
      #expect(try await server.send(.put, "/v1/users/u1", #"{"city":null}"#).status == 204)
      #expect(try await server.get("/v1/users/u1").json["profile"]["city"] == .null)
      #expect(try await server.get("/v1/users/u1").json["profile"]["age"] == 30)
      #expect(try await server.send(.delete, "/v1/users/u1").status == 204)
      let gone = try await server.get("/v1/users/u1")
      #expect(
        gone.json["profile"]["topics.deals"] == false && gone.json["profile"]["zone"] == .null,
        "only what was opted out of: \(gone.text)")
      #expect(try await server.send(.put, "/v1/users/u2", #"{"city":"Hangzhou"}"#).status == 204)
      #expect(try await server.send(.delete, "/v1/users/u2").status == 204)
      let unknown = try await server.get("/v1/users/u2")
      #expect(unknown.status == 404 && unknown.isProblem)
    }
  }

  @Test func namesArePercentDecoded() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      #expect(try await server.send(.put, "/v1/users/%E5%BC%A0%2F1", #"{"city":"x"}"#).status == 204)
      #expect(try await server.get("/v1/users/%E5%BC%A0%2F1").json["user"] == "张/1")
      let long = try await server.send(.put, "/v1/users/" + String(repeating: "u", count: 300), "{}")
      #expect(long.status == 400 && long.isProblem)
    }
  }

  @Test(arguments: [
    ("a", "a"), ("%41%2f%C3%A9", "A/é"), ("", ""), ("a+b", "a+b"), ("%", nil), ("%4", nil), ("%4g", nil), ("%FF", nil),
  ])
  func percents(text: String, decoded: String?) { #expect(text.decodedFromPercent == decoded) }

  @Test func refusesWhatItCannotUse() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      let zone = try await server.send(.put, "/v1/users/u1", #"{"zone":"Asia/Shangai"}"#)
      #expect(zone.status == 400 && zone.isProblem)
      #expect(zone.json["pointer"] == "/zone")
      #expect(zone.json["hint"] == "did you mean 'Asia/Shanghai'?")
      let consent = try await server.send(.put, "/v1/users/u1", #"{"consent":"yes"}"#)
      #expect(consent.status == 400 && consent.json["pointer"] == "/consent")
      let other = try await server.send(.put, "/v1/users/u1", #"{"user":"u2"}"#)
      #expect(other.json["pointer"] == "/user")
      #expect(try await server.send(.put, "/v1/users/u1", "[").status == 400)
      #expect(try await server.send(.put, "/v1/users/u1", "{}", type: "text/plain").status == 415)
      #expect(try await server.get("/v1/users/u1").status == 404)
    }
  }
}
