import AttuneModel
import Reach
import Runtime

/// A hostile day: everything that can come in, in random order, from one seed.
struct RandomInputs {
  private var random: SeededGenerator
  private let configurations: [ConfigurationSource]
  private let zones: [Zone]
  private let campaign: Node
  private let learning: Bool
  private var clock = Fixture.start
  private var isAhead = false

  /// - Parameter learning: with learned choices and a campaign, which go by what earlier batches brought.
  init(seed: UInt64, learning: Bool = true) throws {
    self.learning = learning
    random = SeededGenerator(seed: seed)
    configurations = [
      try Self.source(learning: learning),
      try Fixture.source(),
      try Fixture.source(
        changing: Fixture.acrossUsers.merging([
          "rules/bought.yaml": nil, "businesses/thanks.yaml": nil,
          "rules/cart-left.yaml": """
          rule: cart-left
          pattern: [{ on: cart, as: c }, { not: [buy, view], for: 5m }]
          emit: { item: c.item }
          """,
          "rules/chatted.yaml": """
          rule: chatted
          key: [user, item]
          to: seller
          pattern: [{ on: view, as: v }, { then: [cart, cut] }]
          within: 30m
          emit: { item: v.item }
          """,
        ]) { $1 }),
      try Fixture.source(
        changing: Fixture.acrossUsers.merging([
          "attune.yaml": """
          rules: { retraction: 30m, attempts: 3 }
          fatigue:
            { zone: UTC, user: { perDay: 2 }, businesses: { orders: { scene: feed, days: 3, times: 1, minGap: 2h } } }
          quietHours: { from: "12:00", to: "13:30" }
          """
        ]) { $1 }),
    ]
    campaign = try Fixture.campaign()
    zones = ["Europe/Berlin", "America/New_York"].compactMap(ZoneTables.zone(named:))
  }

  /// `sent`: messages that settlements and receipts may speak of.
  mutating func batch(_ pace: Batch.Pace, sent: [CandidateID]) -> Batch {
    clock = clock + .minutes(below(20))
    var inputs = (0..<below(30)).map { _ in input(sent) }
    if isAhead { inputs.insert(.clock(clock), at: Int(below(Int64(inputs.count + 1)))) }
    // Now and then the machine's clock is wrong for one batch.
    isAhead = pace == .live && !isAhead && below(20) == 0
    return Batch(pace: pace, clock: isAhead ? clock + .days(2) : clock, inputs: inputs)
  }

  private static func source(learning: Bool) throws -> ConfigurationSource {
    try Fixture.source(changing: learning ? Fixture.acrossUsers.merging(Fixture.learning) { $1 } : Fixture.acrossUsers)
  }

  static func first(_ pace: Batch.Pace, learning: Bool = true) throws -> Batch {
    Batch(pace: pace, clock: Fixture.start, inputs: [.configuration(try source(learning: learning))])
  }

  private mutating func input(_ sent: [CandidateID]) -> Input {
    switch below(100) {
    case ..<45: return event()
    case ..<64: return .reserve(reservation())
    case ..<69:
      return .settleReservation(
        ReservationSettlement(
          id: "r\(below(40))", user: user(), settlement: pick(FatigueSettlement.allCases)))
    case ..<70: return .eraseFatigue(user: user())
    case ..<78: return .profile(patch())
    case ..<86:
      return .settlement(Settlement(message: message(sent), outcome: pick(Settlement.Outcome.allCases)))
    case ..<94: return .receipt(Receipt(message: message(sent), kind: pick(Receipt.Kind.allCases), at: clock))
    case ..<96: return .zone(pick(zones))
    case ..<97: return below(3) == 0 && learning ? order() : .erase(user: user())
    default: return below(6) == 0 ? .configuration(pick(configurations), reset: below(3) == 0) : event()
    }
  }

  private mutating func order() -> Input {
    switch below(8) {
    case 0: .campaign(.pause("autumn"))
    case 1, 2: .campaign(.resume("autumn"))
    case 3: .campaign(below(4) == 0 ? .stop("autumn", recall: below(2) == 0) : .resume("nobody's"))
    default: .campaign(.launch(campaign))
    }
  }

  private mutating func event() -> Input {
    let id = below(3) == 0 ? nil : "e\(below(500))"
    let at = clock - .seconds(below(5) == 0 ? below(4000) : below(90)) + .seconds(below(10) == 0 ? 30 : 0)
    var properties = [Property("item", .string("i\(below(3))")), Property("seller", .string(user()))]
    if below(12) == 0 {
      return .event(Event(id: id, user: "", name: pick(["cut", "view", "buy"]), at: at, properties: properties))
    }
    if below(4) == 0 { properties.append(Property("price", .number(Double(below(100))))) }
    return .event(
      Event(id: id, user: user(), name: pick(["view", "view", "cart", "buy"]), at: at, properties: properties))
  }

  /// Never for an instant before the last sweep: only that could tell when it was.
  private mutating func reservation() -> Reservation {
    Reservation(
      id: "r\(below(40))", user: user(), business: pick(["orders", "orders", "news", "cart-left", "nobody's"]),
      zone: below(4) == 0 ? pick(["Europe/Berlin", "America/New_York", "Nowhere/Never"]) : nil,
      at: below(6) == 0 ? clock + .minutes(30 + below(600)) : nil)
  }

  private mutating func patch() -> ProfilePatch {
    let change: ProfilePatch.Change =
      switch below(5) {
      case 0: .init("zone", .string(pick(["Europe/Berlin", "America/New_York", "Nowhere/Never"])))
      case 1: .init("city", .string(pick(["Berlin", "Hangzhou"])))
      case 2: .init("topics.carts", .bool(below(2) == 0))
      case 3: .init("zone", nil)
      default: .init("consent", below(3) == 0 ? .bool(false) : .bool(true))
      }
    return ProfilePatch(user: user(), changes: [change])
  }

  private mutating func message(_ sent: [CandidateID]) -> CandidateID {
    if sent.isEmpty || below(5) == 0 { return CandidateID(partition: Int(below(64)), number: UInt64(below(9))) }
    return pick(sent)
  }

  private mutating func user() -> String { "user-\(below(12))" }
  private mutating func pick<T>(_ items: [T]) -> T { items[Int(below(Int64(items.count)))] }
  private mutating func below(_ n: Int64) -> Int64 { Int64(random.next() % UInt64(n)) }
}
