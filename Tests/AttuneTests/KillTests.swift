import AttuneModel
import Foundation
import TestSupport
import Testing

/// `kill -9` under load: nothing acknowledged is lost, no cap exceeded, nothing said twice.
@Suite(.serialized) struct KillTests {
  private let shop: TemporaryFolder
  private let folder: TemporaryFolder
  private let store: String

  init() throws {
    shop = try TemporaryFolder(Shop.files(lateness: "2s"))
    folder = try TemporaryFolder()
    store = folder.path("store")
  }

  @Test(.timeLimit(.minutes(2))) func fiveDeathsUnderLoad() async throws {
    let seed = UInt64.random(in: 0...(.max))
    var random = SeededGenerator(seed: seed)
    let road = Road()
    async let shopping = Shopper.shop(4, on: road, seed: seed)
    var lives: [Int] = []
    for _ in 0..<5 {
      let service = try await Service.start(config: shop.path, store: store)
      defer { service.program.kill() }
      road.lead(to: service.url)
      lives.append(Int.random(in: 300...1500, using: &random))
      try await Task.sleep(for: .milliseconds(lives.last ?? 0))
      service.program.kill()
      #expect(try await service.program.ended().code == nil, "seed \(seed): it ended by itself")
    }
    // Once more while it is starting.
    let starting = try Program(["serve", "--config", shop.path, "--store", store, "--address", "127.0.0.1:0"])
    defer { starting.kill() }
    try await Task.sleep(for: .milliseconds(Int.random(in: 10...200, using: &random)))
    starting.kill()
    _ = try await starting.ended()

    let last = try await Service.start(config: shop.path, store: store)
    defer { last.program.kill() }
    road.lead(to: last.url)
    road.finish()
    let notes = await shopping
    let file = store + "/sent.ndjson"
    let context: Comment = "seed \(seed), lives of \(lives) ms"
    #expect(notes.unanswered.isEmpty && notes.surprises.isEmpty, context)
    #expect(notes.acknowledged.count > 100, context)
    _ = try await eventually { try Sent.read(file).count { $0.business == "thanks" } >= notes.acknowledged.count }
    #expect(try await last.stop().code == 0, context)

    let sent = try Sent.read(file)
    expectEveryPurchaseOnce(sent, notes, context)
    expectCapsKept(sent, context)
    try await expectReport(of: store, tells: sent, context)
  }

  /// Under load, a graceful stop answers what it took in and keeps what it answered.
  @Test(.timeLimit(.minutes(1))) func gracefulStopUnderLoad() async throws {
    let seed = UInt64.random(in: 0...(.max))
    let road = Road()
    async let shopping = Shopper.shop(4, on: road, seed: seed)
    let first = try await Service.start(config: shop.path, store: store)
    defer { first.program.kill() }
    road.lead(to: first.url)
    // In the midst of it, and late enough that a cap is at stake, however slow this machine is just now.
    _ = try await eventually(within: .seconds(20)) { try mostOfADay(Sent.read(store + "/sent.ndjson")) >= Shop.perDay }
    let outcome = try await first.stop()
    let context: Comment = "seed \(seed)"
    #expect(outcome.code == 0, "seed \(seed): \(outcome.errors)")
    road.close()
    let notes = await shopping
    #expect(notes.surprises.isEmpty && !notes.acknowledged.isEmpty, context)

    let second = try await Service.start(config: shop.path, store: store)
    defer { second.program.kill() }
    let file = store + "/sent.ndjson"
    _ = try await eventually {
      notes.acknowledged.isSubset(of: try Sent.read(file).filter { $0.business == "thanks" }.map(\.body))
    }
    #expect(try await second.stop().code == 0, context)
    let sent = try Sent.read(file)
    expectEveryPurchaseOnce(sent, notes, context)
    expectCapsKept(sent, context)
    try await expectReport(of: store, tells: sent, context)
  }

  private func expectEveryPurchaseOnce(_ sent: [Sent], _ notes: Shopper.Notes, _ context: Comment) {
    #expect(Set(sent.map(\.id)).count == sent.count, context)
    #expect(Set(sent.map { "\($0.user) \($0.business) \($0.body)" }).count == sent.count, context)
    let thanked = Set(sent.filter { $0.business == "thanks" }.map(\.body))
    #expect(notes.acknowledged.subtracting(thanked).isEmpty, context)
    #expect(thanked.subtracting(notes.acknowledged).subtracting(notes.unanswered).isEmpty, context)
  }

  /// The most that any user got on one day from businesses with a cap.
  private func mostOfADay(_ sent: [Sent]) -> Int {
    sent.byUser(of: ["tip", "offer"]).values.flatMap { messages in
      Dictionary(grouping: messages) { Shop.day($0.at) }.values.map(\.count)
    }.max() ?? 0
  }

  private func expectCapsKept(_ sent: [Sent], _ context: Comment) {
    var most = 0
    for (user, messages) in sent.byUser(of: ["tip", "offer"]) {
      for (_, ofDay) in Dictionary(grouping: messages, by: { Shop.day($0.at) }) {
        #expect(ofDay.count <= Shop.perDay, "\(user) \(context)")
        most = max(most, ofDay.count)
      }
    }
    #expect(most == Shop.perDay, "no cap was at stake: \(context)")
    for (user, tips) in sent.byUser(of: ["tip"]) { #expect(tips.count <= Shop.tips, "\(user) \(context)") }
    for (user, offers) in sent.byUser(of: ["offer"]) {
      let distances = zip(offers, offers.dropFirst()).map { $1.at - $0.at }
      #expect(distances.allSatisfy { $0 >= Shop.offerGap }, "\(user) \(distances) \(context)")
    }
  }

  private func expectReport(of store: String, tells sent: [Sent], _ context: Comment) async throws {
    let report: Report = try await Program.run("report", "--store", store, "--json").decoded()
    #expect(report.total.sent == sent.count && report.total.accepted == sent.count, context)
    for row in report.rows {
      let count = sent.count { $0.business == row.name }
      #expect(row.sent == count && row.accepted == count, "\(row) \(context)")
      #expect(row.routed == row.sent + row.refused, "\(row) \(context)")
    }
  }
}
