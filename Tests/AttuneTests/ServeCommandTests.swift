import Foundation
import TestSupport
import Testing

/// `attune serve`, and the commands that talk to it or read beside it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ServeCommandTests {
  private let shop: TemporaryFolder
  private let folder: TemporaryFolder
  private let store: String
  private let key = "kq8e7Xn3vTz1mW5yRb2c"

  init() throws {
    shop = try TemporaryFolder(Shop.files())
    folder = try TemporaryFolder()
    store = folder.path("store")
  }

  private func sent(_ business: String) throws -> [Sent] {
    try Sent.read(store + "/sent.ndjson").filter { $0.business == business }
  }

  @Test func nobodyElseMayReachItWithoutAGoodKey() async throws {
    for (key, why) in [(nil, "it needs an API key"), ("changeme-changeme", "is too weak"), ("short", "is too weak")] {
      let outcome = try await Program.run(
        "serve", "--config", shop.path, "--store", store, "--address", "0.0.0.0:0",
        environment: key.map { ["ATTUNE_API_KEY": $0] } ?? [:])
      #expect(outcome.code == 69 && outcome.errors.contains(why) && outcome.errors.contains("(hint: "), "\(outcome)")
      #expect(!folder.has("store"))
    }
  }

  @Test func whatItCannotStartWith() async throws {
    for (config, address, why) in [
      (shop.path, "nonsense", "'nonsense' is no address (hint: "),
      (folder.path("nowhere"), "127.0.0.1:0", "nowhere:1:1:"),
    ] {
      let outcome = try await Program.run("serve", "--config", config, "--store", store, "--address", address)
      #expect(outcome.code == 65 && outcome.errors.contains(why), "\(outcome)")
    }
    #expect(!folder.has("store"))
  }

  @Test(arguments: ["market", "town"]) func examplesCanBeServed(example: String) async throws {
    let service = try await Service.start(config: Repository.example(example), store: store)
    defer { service.program.kill() }
    #expect(try await service.stop().code == 0)
  }

  @Test func aStoreHasOneOwner() async throws {
    let first = try await Service.start(config: shop.path, store: store)
    defer { first.program.kill() }
    let second = try await Program.run("serve", "--config", shop.path, "--store", store, "--address", "127.0.0.1:0")
    #expect(second.code == 69, "\(second)")
    #expect(second.errors.contains("is in use by process \(first.program.pid)"), "\(second)")
    let reply = try await Client.post(first.url + "/v1/events", Shop.event("buy", of: "lamp", by: "u1"))
    #expect(reply.status == 202)
    #expect(try await eventually { try sent("thanks").count == 1 })
    #expect(try await first.stop().code == 0)
    // Free again.
    let third = try await Service.start(config: shop.path, store: store)
    defer { third.program.kill() }
    #expect(try await third.stop().code == 0)
  }

  @Test func publishedWhileItRuns() async throws {
    let service = try await Service.start(config: shop.path, store: store, environment: ["ATTUNE_API_KEY": key])
    defer { service.program.kill() }
    let next = try TemporaryFolder(Shop.files())
    try next.write(Shop.rule("shared", on: "share"), to: "rules/shared.yaml")
    try next.write(
      Shop.business("echo", when: "shared", "{ days: 1, times: 9, minGap: 0s, obeys: false, counts: false }"),
      to: "businesses/echo.yaml")
    for given in [["--key", "wrong-wrong-wrong"], []] {
      let stranger = try await Program(["publish", next.path, "--server", service.url] + given).ended()
      #expect(stranger.code == 65 && stranger.errors.contains("(401)"), "\(stranger)")
      #expect(stranger.errors.contains("the API key is missing or wrong"), "\(stranger)")
    }
    let dry = try await publish(next, to: service, "--dry-run")
    #expect(dry.code == 0 && dry.output.contains("is sound, and would change"), "\(dry)")
    #expect(dry.output.contains("  new rule shared") && dry.output.contains("  new business echo"), "\(dry)")
    try await post("share", of: "early", to: service)
    try await post("buy", of: "early", to: service)
    #expect(try await eventually { try sent("thanks").map(\.body) == ["early"] })
    #expect(try sent("echo").isEmpty)

    let good = try await publish(next, to: service)
    #expect(
      good.code == 0 && good.output.contains("is in force") && good.output.contains("http://127.0.0.1"), "\(good)")
    try await post("share", of: "lamp", to: service)
    #expect(try await eventually { try sent("echo").map(\.body) == ["lamp"] })
    #expect(try await service.stop().code == 0)
  }

  /// A new store names its messages from the start: beside an old log they would be taken for those that are there.
  @Test func anotherStoresLogIsRefused() async throws {
    let service = try await Service.start(config: shop.path, store: store, environment: ["ATTUNE_API_KEY": key])
    try await post("buy", of: "lamp", to: service)
    #expect(try await eventually { try sent("thanks").count == 1 })
    #expect(try await service.stop().code == 0)
    for name in try FileManager.default.contentsOfDirectory(atPath: store) where name != "sent.ndjson" {
      try FileManager.default.removeItem(atPath: store + "/" + name)
    }
    let again = try await Program(["serve", "--config", shop.path, "--store", store, "--address", "127.0.0.1:0"])
      .ended()
    #expect(again.code == 69 && again.errors.contains("holds messages of another store"), "\(again)")
  }

  @Test func aBrokenOneChangesNothing() async throws {
    let service = try await Service.start(config: shop.path, store: store, environment: ["ATTUNE_API_KEY": key])
    defer { service.program.kill() }
    let broken = try TemporaryFolder(Shop.files())
    try broken.write("rule: bought\nkey: [user, item]\npattern:\n  - { onn: buy }\n", to: "rules/bought.yaml")
    let local = try await publish(broken, to: service)
    #expect(local.code == 65 && local.errors.contains("rules/bought.yaml:4:"), "\(local)")
    // This one only the running server can see.
    let moved = try TemporaryFolder(Shop.files())
    try moved.write(
      """
      fatigue: { zone: Asia/Shanghai, user: { perDay: 0 } }
      channels:
        log: { type: log, file: elsewhere.ndjson }
      """, to: "attune.yaml")
    let remote = try await publish(moved, to: service)
    #expect(
      remote.code == 65 && remote.errors.contains("(422)") && remote.errors.contains("attune.yaml:2:1"), "\(remote)")
    #expect(remote.errors.contains("not the channels of the running server"), "\(remote)")
    for event in ["buy", "view"] { try await post(event, of: "lamp", to: service) }
    #expect(try await eventually { try sent("thanks").count == 1 && sent("tip").count == 1 })
    #expect(try await service.stop().code == 0)

    let started = ContinuousClock.now
    let nobody = try await publish(shop, to: service)
    #expect(nobody.code == 69 && nobody.errors.contains("no answer from \(service.url) (hint: "), "\(nobody)")
    #expect(ContinuousClock.now - started < .seconds(10))
  }

  @Test func explainedAndReportedBesideIt() async throws {
    let service = try await Service.start(config: shop.path, store: store)
    defer { service.program.kill() }
    for item in ["a", "b", "c"] { try await post("view", of: item, to: service) }
    func report() async throws -> Report { try await Program.run("report", "--store", store, "--json").decoded() }
    // A match routes to two businesses each.
    #expect(try await eventually { try await report().total.routed == 6 })
    let counts = try await report()
    #expect(try await eventually { try Sent.read(store + "/sent.ndjson").count == counts.total.sent })

    let explained = try await Program.run("explain", "u1", "--store", store, "--json")
    let decisions = try explained.output.split(separator: "\n").map {
      try JSONDecoder().decode(Decision.self, from: Data($0.utf8))
    }
    #expect(explained.code == 0 && decisions.count == 6, "\(explained)")
    let told = Set(decisions.filter { $0.outcome == "sent" }.map(\.id))
    #expect(told == Set(try Sent.read(store + "/sent.ndjson").map(\.id)))
    let third = decisions.first { $0.business == "tip" && $0.outcome == "refused" }
    #expect(third?.filter == "fatigue" && third?.reason == "window" && third?.next != nil, "\(explained)")

    let text = try await Program.run("explain", "u1", "--store", store, "--business", "tip")
    #expect(text.code == 0 && text.output.contains("tip") && !text.output.contains("offer"), "\(text)")
    let stranger = try await Program.run("explain", "nobody", "--store", store)
    #expect(stranger.code == 0 && stranger.output.contains("Nothing was decided on nobody"), "\(stranger)")

    #expect(counts.total.sent == told.count && counts.total.refused == 6 - told.count, "\(counts)")
    let table = try await Program.run("report", "--store", store, "--by", "filter")
    #expect(table.code == 0 && table.output.contains("fatigue.window"), "\(table)")
    #expect(try await service.stop().code == 0)
  }

  @Test func noStoreNoAnswer() async throws {
    for command in [["explain", "u1"], ["report"]] {
      let outcome = try await Program(command + ["--store", store]).ended()
      #expect(outcome.code == 69 && outcome.errors.contains("there is no store in \(store)"), "\(outcome)")
      #expect(!folder.has("store"))
    }
  }

  private func publish(_ config: TemporaryFolder, to service: Service, _ more: String...) async throws
    -> Program.Outcome
  {
    try await Program(
      ["publish", config.path, "--server", service.url] + more, environment: ["ATTUNE_API_KEY": key]
    ).ended()
  }

  private func post(_ event: String, of item: String, to service: Service) async throws {
    let reply = try await Client.post(service.url + "/v1/events", Shop.event(event, of: item, by: "u1"), key: key)
    #expect(reply.status == 202, "\(String(decoding: reply.body, as: UTF8.self))")
    let intake: Intake = try reply.decoded()
    #expect(intake.results.map(\.status) == ["accepted"])
  }
}
