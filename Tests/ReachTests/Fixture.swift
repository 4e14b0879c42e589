import AttuneModel
import Reach
import Runtime
import Testing

/// A small shop: three views and no purchase, a cart left, a purchase; two scenes, tight limits, and two businesses of
/// other teams.
enum Fixture {
  static let start = Instant(milliseconds: 1_700_000_000_000)  // 2023-11-15 06:13:20 in Shanghai

  static let files: [String: String] = [
    "attune.yaml": """
    fatigue:
      zone: Asia/Shanghai
      user: { perDay: 3, reserve: 1, reservePriority: 8 }
      scenes: { trade: { times: 2, window: 1d } }
      businesses: { orders: { scene: trade, days: 1, times: 3, minGap: 0s, priority: 8 }, news: { scene: feed, days: 2, times: 2, minGap: 1h } }
    quietHours: { from: "22:00", to: "08:00" }
    """,
    "rules/hesitating.yaml": """
    rule: hesitating
    key: [user, item]
    pattern:
      - { on: view, as: v, times: 3 }
      - { not: buy, for: 30m }
    within: 2h
    emit: { item: v.item, views: count(v) }
    """,
    "rules/cart-left.yaml": """
    rule: cart-left
    pattern:
      - { on: cart, as: c }
      - { not: buy, for: 10m }
    emit: { item: c.item }
    """,
    "rules/bought.yaml": """
    rule: bought
    pattern: [{ on: buy, as: b }]
    within: 1h
    emit: { item: b.item }
    """,
    "businesses/hesitating.yaml": """
    business: hesitating
    scene: trade
    priority: 5
    when: hesitating
    fatigue: { days: 2, times: 2, minGap: 1h }
    filters: [consent, quietHours]
    expires: 6h
    materials:
      - { id: gentle, title: "Still thinking?", body: "{{item}} is waiting" }
      - { id: plain, title: "{{item}}", body: "seen {{views}} times", weight: 2 }
    choose: weighted
    """,
    "businesses/cart-left.yaml": """
    business: cart-left
    scene: trade
    priority: 7
    topic: carts
    when: cart-left
    fatigue: { days: 1, times: 2, minGap: 30m }
    filters: [consent, { rollout: 80% }, { audience: "not (profile.city == 'Berlin')" }]
    materials: [{ id: cart, title: "Your cart", body: "{{item | 'something'}} is still there" }]
    """,
    "businesses/thanks.yaml": """
    business: thanks
    scene: service
    priority: 9
    when: bought
    fatigue: { days: 1, times: 50, minGap: 0s, obeys: false, counts: false }
    materials: [{ id: thanks, title: "谢谢", body: "{{profile.name | '朋友'}}，{{item}} 已下单" }]
    """,
  ]

  /// Rules that need events without a user, look across users, or speak to somebody else.
  static let acrossUsers: [String: String?] = [
    "rules/price-cut.yaml": """
    rule: price-cut
    key: [user, item]
    pattern: [{ on: view, as: v }, { then: cut }]
    within: 12h
    emit: { item: v.item }
    """,
    "rules/popular.yaml": """
    rule: popular
    key: item
    to: seller
    pattern: [{ on: view, as: v, times: 3, distinct: user }]
    within: 10m
    emit: { item: first(v.item) }
    """,
    "rules/unsold.yaml": """
    rule: unsold
    key: item
    to: seller
    pattern: [{ on: cart, as: c }, { not: buy, for: 10m }]
    emit: { item: c.item }
    """,
    "rules/chatted.yaml": """
    rule: chatted
    key: [user, item]
    to: seller
    pattern: [{ on: view, as: v }, { then: cart }]
    within: 30m
    emit: { item: v.item }
    """,
    "rules/won.yaml": """
    rule: won
    key: item
    to: seller
    pattern: [{ on: view, as: v }, { then: cart, where: user == v.user }]
    within: 5m
    emit: { item: v.item }
    """,
    "businesses/price-cut.yaml": business("price-cut", "fatigue: { days: 1, times: 5, minGap: 0s }"),
    "businesses/popular.yaml": business("popular", "fatigue: { days: 1, times: 5, minGap: 0s }\npriority: 6"),
    "businesses/unsold.yaml": business(
      "unsold", "fatigue: { days: 1, times: 5, minGap: 0s }\nfilters: [quietHours]"),
    "businesses/won.yaml": business("won", "fatigue: { days: 1, times: 5, minGap: 0s }"),
    "businesses/chatted.yaml": business("chatted", "fatigue: { days: 1, times: 5, minGap: 0s }"),
  ]

  /// A business that learns what to say, and a campaign with quotas that anybody may launch.
  static let learning: [String: String?] = [
    "businesses/learner.yaml": """
    business: learner
    scene: feed
    when: bought
    fatigue: { days: 1, times: 50, minGap: 0s, obeys: false }
    choose: learned
    learned: { attribution: 2h, random: 20%, annoyance: gentle }
    materials:
      - { id: short, title: "Thanks", body: "for {{item}}" }
      - { id: long, title: "{{profile.city}}", body: "says thank you" }
      - { id: warm, title: "谢谢", body: "{{profile.name | '朋友'}}" }
    """,
    "campaigns/autumn.yaml": """
    campaign: autumn
    scene: feed
    priority: 2
    fatigue: { days: 1, times: 1, minGap: 0s }
    filters: [quietHours]
    audience: { list: [\((0..<40).map { "user-\($0)" }.joined(separator: ", "))] }
    holdout: 10%
    goal: { event: buy, within: 1d }
    waves: { share: 10%, every: 5m }
    quotas: { total: 25, copies: { a: { max: 12, min: 2 } } }
    learned: { attribution: 1h, random: 10% }
    materials:
      - { id: a, title: "A", body: "{{profile.city | 'here'}}" }
      - { id: b, title: "B", body: "two" }
    """,
  ]

  /// The campaign as a document.
  static func campaign() throws -> Node {
    try ConfigurationFolder.campaign((learning["campaigns/autumn.yaml"] ?? nil) ?? "", file: "campaigns/autumn.yaml")
  }

  /// An engine with a campaign launched for `count` users, ten of them named twice, and what it sent at once.
  static func launched(_ campaign: Node, count: Int, _ before: [Input] = []) throws -> (Engine, [Message]) {
    var engine = try engine()
    let name = campaign["campaign"]?.scalar ?? ""
    let users = (0..<count).map { "u\($0)" }
    _ = engine.live(.seconds(1), before + CampaignOrder.members(of: name, users + users.prefix(10)).map(Input.campaign))
    let effects = engine.live(.seconds(2), [.campaign(.launch(campaign))])
    #expect(effects.acknowledgements == [.accepted])
    return (engine, effects.messages)
  }

  private static func business(_ name: String, _ more: String) -> String {
    """
    business: \(name)
    scene: feed
    when: \(name)
    \(more)
    materials: [{ id: \(name), title: "\(name)", body: "{{item | 'something'}}" }]
    """
  }

  static func source(changing changes: [String: String?] = [:]) throws -> ConfigurationSource {
    var files = files
    for (name, text) in changes { files[name] = text }
    return try ConfigurationFolder.read(files: files)
  }

  /// An engine with the configuration in force.
  static func engine(_ pace: Batch.Pace = .live, changing changes: [String: String?] = [:]) throws -> Engine {
    var engine = Engine()
    let source = try source(changing: changes)
    var diagnostics = Diagnostics()
    if CompiledConfiguration(source, at: start, &diagnostics) == nil { throw diagnostics }
    _ = engine.handle(Batch(pace: pace, clock: start, inputs: [.configuration(source)]))
    return engine
  }

  /// One of the 80% the rollout lets through.
  static func userInRollout() throws -> String {
    for number in 0..<50 {
      var engine = try engine()
      _ = engine.live(.zero, [event("cart", "r\(number)", after: .zero)])
      if engine.live(.minutes(11)).messages.count == 1 { return "r\(number)" }
    }
    throw Diagnostics()
  }

  static func reserve(
    _ id: String, _ user: String = "u1", _ business: String = "orders", zone: String? = nil, after: TimeSpan? = nil
  ) -> Input {
    .reserve(Reservation(id: id, user: user, business: business, zone: zone, at: after.map { start + $0 }))
  }

  static func settle(_ id: String, _ settlement: FatigueSettlement, user: String = "u1") -> Input {
    .settleReservation(ReservationSettlement(id: id, user: user, settlement: settlement))
  }

  static func event(
    _ name: String, _ user: String = "u1", after: TimeSpan, item: String? = "x", id: String? = nil
  ) -> Input {
    .event(
      Event(
        id: id, user: user, name: name, at: start + after,
        properties: item.map { [Property("item", .string($0))] } ?? []))
  }
}

extension Engine {
  /// A live batch so long after the fixture's start.
  mutating func live(_ after: TimeSpan, _ inputs: [Input] = []) -> Effects {
    handle(Batch(pace: .live, clock: Fixture.start + after, inputs: inputs))
  }

  mutating func replay(_ inputs: [Input]) -> Effects {
    handle(Batch(pace: .replay, clock: .distantPast, inputs: inputs))
  }
}
