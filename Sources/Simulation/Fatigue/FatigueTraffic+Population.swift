import AttuneModel
import Fatigue

// A population that nobody spares: it proposes again and again, and most of all around midnight.
extension FatigueTraffic {
  /// Proposals for made-up people, the same for the same numbers.
  ///
  /// A few people cause most of it. They come most between 21:00 and 01:00, and windows of Fatigue 1.0 end at midnight.
  /// Each visit proposes one to three businesses, each once to four times, minutes apart.
  ///
  /// - Parameters:
  ///   - users: kept within 1 ... 1,000,000.
  ///   - days: kept within 1 ... 366.
  public init(population seed: UInt64, users: Int = 2000, days: Int = 14) {
    var generator = SeededGenerator(seed: seed)
    let businesses = Self.businesses.keys.sorted()
    var candidates: [Candidate] = []
    for number in 0..<min(max(1, users), 1_000_000) {
      let activity = generator.fraction()
      let tastes = businesses.map { _ in generator.fraction() * generator.fraction() }
      for day in 0..<Int64(min(max(1, days), 366)) {
        for _ in 0..<generator.count(0.2 + 3 * activity * activity * activity) {
          let hour = Int64(generator.weighted(Self.rhythm))
          var now = TownSettings.monday + .days(day) + .hours(hour) + generator.span(upTo: .hours(1))
          for _ in 0...generator.index(below: 3) {
            let business = businesses[generator.weighted(tastes)]
            for _ in 0...generator.index(below: 4) {
              candidates.append(Candidate(at: now, user: "u\(10_000 + number)", business: business))
              now = now + generator.wait(.minutes(4))
            }
          }
        }
      }
    }
    self.init(name: "population", candidates: candidates, policy: Self.policy)
  }

  private static let policy = FatiguePolicy(
    zone: Zone(name: "Asia/Shanghai", initialOffset: 28_800),
    user: .init(perDay: 8, reserve: 1, reservePriority: 8),
    scenes: ["feed": .init(times: 4, window: .days(1)), "trade": .init(times: 4, window: .days(1))],
    businesses: businesses, origin: TownSettings.monday)

  /// Three that may come once in their period, three that may come several times.
  private static let businesses: [String: FatiguePolicy.BusinessLimit] = [
    "daily-pick": .init(scene: "feed", days: 1, times: 1, minGap: .hours(4), priority: 3),
    "price-drop": .init(scene: "feed", days: 3, times: 1, minGap: .hours(4), priority: 5),
    "followed-shop": .init(scene: "feed", days: 7, times: 3, minGap: .hours(12), priority: 4),
    "cart-left": .init(scene: "trade", days: 1, times: 2, minGap: .hours(3), priority: 8),
    "viewed-again": .init(scene: "trade", days: 3, times: 2, minGap: .hours(6), priority: 5),
    "coupon": .init(scene: "trade", days: 2, times: 1, minGap: .hours(6), priority: 2),
  ]

  /// Weights of the 24 hours of the day.
  private static let rhythm: [Double] = [
    9, 4, 2, 1, 0, 0, 1, 2, 3, 3, 3, 3, 4, 4, 3, 3, 3, 4, 5, 6, 7, 9, 10, 11,
  ]
}
