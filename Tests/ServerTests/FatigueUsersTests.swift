import AttuneModel
import Foundation
import Testing

@testable import Server

@Suite struct FatigueUsersTests {
  @Test func howThingsStand() async throws {
    // 2023-11-15 06:13:20 in Shanghai.
    let clock = TestClock(1_700_000_000_000)
    let midnight: JSON = .number(1_700_064_000_000)
    try await TestServer.runFatigue(in: TemporaryFolder(), clock: ServerClock(believing: clock.now)) {
      server async throws in
      let fresh = try await server.get("/v1/fatigue/users/%E5%BC%A0%2F1")
      #expect(fresh.status == 200 && fresh.json["user"] == "张/1" && fresh.json["known"] == false, "\(fresh.text)")
      #expect(fresh.json["businesses"]["news"]["pass"] == true)
      for (id, business) in [("a", "news"), ("b", "order"), ("c", "order")] {
        #expect(try await server.reserve(id, "u1", business).json["pass"] == true)
      }
      let user = try await server.get("/v1/fatigue/users/u1")
      #expect(
        user.text.hasPrefix(
          #"{"user":"u1","known":true,"day":{"count":3,"limit":3,"next":1700064000000},"businesses":{"deals":{"#
            + #""pass":false,"reason":"user","next":1700064000000,"#), "\(user.text)")
      #expect(user.json["businesses"]["news"]["dimensions"]["scene"]["count"] == 1)
      #expect(user.json["businesses"]["order"]["dimensions"]["user"]["next"] == midnight)
      // Where a later day has begun already, the day is another one.
      let kiribati = try await server.get("/v1/fatigue/users/u1?zone=Pacific/Kiritimati")
      #expect(kiribati.json["day"]["count"] == 3, "\(kiribati.text)")
      clock.advance(by: .hours(12))
      let later = try await server.get("/v1/fatigue/users/u1?zone=Pacific/Kiritimati")
      #expect(later.json["day"]["count"] == 0 && later.json["day"]["next"] == .null, "\(later.text)")
      let mars = try await server.get("/v1/fatigue/users/u1?zone=Asia/Shangai")
      #expect(mars.status == 400 && mars.json["hint"] == "did you mean 'Asia/Shanghai'?", "\(mars.text)")
    }
  }

  @Test func erasedIsErased() async throws {
    let folder = try TemporaryFolder()
    try await TestServer.runFatigue(in: folder) { server async throws in
      for user in ["u1", "u2"] {
        #expect(try await server.reserve("a \(user)", user, "news").json["pass"] == true)
        #expect(try await server.reserve("b", user, "news").json["pass"] == false)
      }
      for _ in 0..<2 { #expect(try await server.send(.delete, "/v1/fatigue/users/u1").status == 204) }
      #expect(try await server.get("/v1/fatigue/users/u1").json["known"] == false)
      #expect(try await server.settle("a u1", "u1", "release").json["changed"] == false)
      #expect(try await server.get("/v1/fatigue/users/u2").json["known"] == true)
    }
    // Also in what is taken up again; and ids begin anew.
    try await TestServer.runFatigue(in: folder) { server async throws in
      #expect(try await server.get("/v1/fatigue/users/u1").json["known"] == false)
      let again = try await server.reserve("a u1", "u1", "news")
      #expect(again.json["pass"] == true && again.json["dimensions"]["user"]["count"] == 0)
      #expect(try await server.reserve("b", "u1", "news").json["pass"] == false)
      #expect(try await server.reserve("b", "u2", "news").json["pass"] == false)
    }
  }

  /// In a server of the whole engine the profile stays.
  @Test func onlyFatigueIsErased() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server async throws in
      #expect(try await server.send(.put, "/v1/users/u1", #"{"zone":"Pacific/Kiritimati"}"#).status == 204)
      #expect(try await server.reserve("a", "u1", "nudge").json["pass"] == true)
      #expect(try await server.send(.delete, "/v1/fatigue/users/u1").status == 204)
      #expect(try await server.get("/v1/fatigue/users/u1").json["known"] == false)
      #expect(try await server.get("/v1/users/u1").json["profile"]["zone"] == "Pacific/Kiritimati")
    }
  }
}
