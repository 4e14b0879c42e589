import AttuneModel
import Foundation
import TestSupport
import Testing

/// `attune serve --only fatigue` as a process of its own, ended by `kill -9`: what was answered holds.
@Suite(.serialized) struct FatigueServiceTests {
  private let folder: TemporaryFolder
  private let config: String
  private let store: String

  init() throws {
    folder = try TemporaryFolder(["policies.yaml": Asker.policies])
    config = folder.path("policies.yaml")
    store = folder.path("store")
  }

  private func start() async throws -> Service {
    try await Service.start(config: config, store: store, only: "fatigue")
  }

  @Test(.timeLimit(.minutes(1))) func killedBetweenReserveAndSettle() async throws {
    let first = try await start()
    defer { first.program.kill() }
    for id in 0..<4 { #expect(try await reserve("\(id)", on: first)) }
    #expect(try await !reserve("late", on: first))
    first.program.kill()
    #expect(try await first.program.ended().code == nil)

    let second = try await start()
    defer { second.program.kill() }
    // Whoever sent them died with the server perhaps: they stay counted.
    #expect(try await !reserve("late", on: second))
    #expect(try await reserve("0", on: second))
    #expect(try await !reserve("late", on: second), "the same id was counted twice")
    #expect(try await settle("0", "release", on: second))
    second.program.kill()
    _ = try await second.program.ended()

    let third = try await start()
    defer { third.program.kill() }
    #expect(try await !settle("0", "release", on: third))
    #expect(try await reserve("late", on: third))
    #expect(try await !reserve("later", on: third))
    #expect(try await third.stop().code == 0)
  }

  @Test(.timeLimit(.minutes(2))) func fiveDeathsUnderLoad() async throws {
    let seed = UInt64.random(in: 0...(.max))
    var random = SeededGenerator(seed: seed)
    let road = Road()
    async let asking = Asker.ask(4, on: road, seed: seed)
    var lives: [Int] = []
    for _ in 0..<5 {
      let service = try await start()
      defer { service.program.kill() }
      road.lead(to: service.url)
      lives.append(Int.random(in: 200...1200, using: &random))
      try await Task.sleep(for: .milliseconds(lives.last ?? 0))
      service.program.kill()
      #expect(try await service.program.ended().code == nil, "seed \(seed): it ended by itself")
    }
    let last = try await start()
    defer { last.program.kill() }
    road.lead(to: last.url)
    road.finish()
    let notes = await asking
    let context: Comment = "seed \(seed), lives of \(lives) ms, \(notes.passed) passed, \(notes.refused) refused"
    #expect(notes.surprises.isEmpty, "\(notes.surprises.prefix(3)) \(context)")
    #expect(notes.passed > 50 && notes.refused > 50, context)
    var mostOfDay = 0
    for number in 0..<Asker.users {
      let user = "u\(number)"
      let standing = try await standing(of: user, on: last)
      let own = notes.standing.filter { $0.user == user }
      #expect(standing.day.count == own.count, "\(user): neither lost nor counted twice; \(context)")
      for (business, limit) in Asker.limits {
        let count = own.count { $0.business == business }
        #expect(standing.businesses[business]?.dimensions.window.count == count, "\(user) \(business); \(context)")
        #expect(count <= limit, "\(user) \(business); \(context)")
      }
      #expect(own.count <= Asker.perDay, "\(user); \(context)")
      mostOfDay = max(mostOfDay, own.count)
    }
    #expect(mostOfDay == Asker.perDay, "no limit was at stake: \(context)")
    #expect(try await last.stop().code == 0, context)
  }

  @Test func whatItCannotStartWith() async throws {
    try folder.write("zone: Asia/Shangai\nuser: { perDay: 5 }\n", to: "wrong.yaml")
    for (config, why) in [
      (folder.path("wrong.yaml"), "wrong.yaml:1:7: error"), (folder.path("none.yaml"), "none.yaml:1:1: error"),
      (folder.path, "is a folder"),
    ] {
      let outcome = try await Program.run(
        "serve", "--only", "fatigue", "--config", config, "--store", store, "--address", "127.0.0.1:0")
      #expect(outcome.code == 65 && outcome.errors.contains(why), "\(outcome)")
    }
    let nothing = try await Program.run("serve", "--store", store)
    #expect(nothing.code == 64 && nothing.errors.contains("--config"), "\(nothing)")
    #expect(!folder.has("store"))
  }

  @Test func theExampleCanBeServed() async throws {
    let service = try await Service.start(
      config: Repository.example("fatigue/policies.yaml"), store: store, only: "fatigue")
    defer { service.program.kill() }
    let reply = try await Client.post(
      service.url + "/v1/fatigue/reserve", #"{"id":"1","user":"小明","business":"降价提醒"}"#, type: "application/json")
    #expect(try reply.decoded(as: Standing.Verdict.self).pass, "\(String(decoding: reply.body, as: UTF8.self))")
    #expect(try await service.stop().code == 0)
    // The whole engine has another store.
    let whole = try await Program.run(
      "serve", "--config", Repository.example("market"), "--store", store, "--address", "127.0.0.1:0")
    #expect(whole.code == 69 && whole.errors.contains("belongs to 'attune serve --only fatigue'"), "\(whole)")
  }

  private struct Standing: Decodable {
    struct Count: Decodable { var count: Int }
    struct Dimensions: Decodable { var window: Count }
    struct Verdict: Decodable {
      var pass: Bool
      var dimensions: Dimensions
    }
    var day: Count
    var businesses: [String: Verdict]
  }

  private func standing(of user: String, on service: Service) async throws -> Standing {
    try await Client.get("\(service.url)/v1/fatigue/users/\(user)").decoded()
  }

  /// One user's `offer`, of which there are four.
  private func reserve(_ id: String, on service: Service) async throws -> Bool {
    let body = #"{"id":"\#(id)","user":"u1","business":"offer"}"#
    let reply = try await Client.post(service.url + "/v1/fatigue/reserve", body, type: "application/json")
    return try reply.decoded(as: Standing.Verdict.self).pass
  }

  private struct Settled: Decodable { var changed: Bool }

  private func settle(_ id: String, _ settlement: String, on service: Service) async throws -> Bool {
    let body = #"{"id":"\#(id)","user":"u1","settle":"\#(settlement)"}"#
    let reply = try await Client.post(service.url + "/v1/fatigue/settle", body, type: "application/json")
    return try reply.decoded(as: Settled.self).changed
  }
}
