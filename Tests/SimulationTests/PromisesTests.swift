import AttuneModel
import Fatigue
import Reach
import Testing

@testable import Simulation

/// Read apart from the engine, the documents say what the engine took them to say.
@Suite struct PromisesTests {
  @Test(arguments: ["town", "market"]) func agreeWithTheEngine(example: String) throws {
    let source = try Towns.configuration(example)
    var diagnostics = Diagnostics()
    let configuration = try #require(CompiledConfiguration(source, at: .distantPast, &diagnostics), "\(diagnostics)")
    let promises = Promises(reading: source)
    #expect(promises.perDay == configuration.fatigue.user.perDay)
    #expect(promises.businesses.keys.sorted() == configuration.businesses.keys.sorted())
    for (name, business) in promises.businesses {
      let limit = try #require(configuration.fatigue.businesses[name])
      #expect(business.window == .days(Int64(limit.days)), "\(name)")
      #expect(business.times == limit.times, "\(name)")
      #expect(business.gap == limit.minGap, "\(name)")
      #expect(business.obeys == limit.obeys && business.counts == limit.counts, "\(name)")
      #expect(business.topic == configuration.businesses[name]?.topic, "\(name)")
    }
  }

  @Test func campaigns() throws {
    let source = try Towns.configuration()
    var diagnostics = Diagnostics()
    let configuration = try #require(CompiledConfiguration(source, at: .distantPast, &diagnostics), "\(diagnostics)")
    let promises = Promises(reading: source)
    #expect(promises.campaigns.keys.sorted() == configuration.campaigns.keys.sorted())
    let promise = try #require(promises.campaigns["spring-clearing"])
    let campaign = try #require(configuration.campaigns["spring-clearing"])
    #expect(promise.holdout == campaign.holdout && promise.wave == campaign.waves.every)
    #expect(promise.total == campaign.quotas.total && promise.total != nil)
    let limited = promise.copies.compactMap { copy in copy.maximum.map { (copy.id, $0) } }
    #expect(Dictionary(uniqueKeysWithValues: limited) == campaign.quotas.maxima)
    let owed = promise.copies.filter { $0.minimum > 0 }.map { ($0.id, $0.minimum) }
    #expect(Dictionary(uniqueKeysWithValues: owed) == campaign.quotas.minima)
    #expect(promise.copies.count == 5 && promise.copies.allSatisfy { $0.channel == "log" })
  }

  @Test func filters() throws {
    let promises = Promises(reading: try Towns.configuration())
    let night = Promises.Quiet(from: 22 * 3_600_000, to: 8 * 3_600_000)
    let drop = try #require(promises.businesses["price-drop"])
    #expect(drop.asks && drop.quiet == night)
    #expect(promises.businesses["chat-asleep"]?.quiet == night, "also where quiet hours drop")
    let order = try #require(promises.businesses["order-placed"])
    #expect(!order.asks && order.quiet == nil && !order.counts)
    #expect(promises.topics == ["deals", "discoveries", "reminders"])
  }
}
