import AttuneModel
import Runtime

/// One user of the market: what they like, when they are awake, and how much they bear.
struct Resident: Sendable {
  let user: String
  let zone: Zone
  let city: String
  let name: String
  let readsChinese: Bool
  /// As they told it: `18-29`, `30-49` or `50+`.
  let age: String
  /// For each category, 0 ... 1.
  let tastes: [Double]
  let visitsPerDay: Double
  /// Weights of the 24 hours of the local day.
  let rhythm: [Double]
  /// 1 at weekdays; some come on weekends, some stay away.
  let weekend: Double
  /// What one message takes away from patience at most, and what a day gives back.
  let irritability: Double
  let recovery: Double
  let startsWithout: Refusal

  enum Refusal: Sendable { case nothing, everything, topic(String) }

  private(set) var patience = 1.0
  private var judged: Instant
  private(set) var optOuts = 0
  /// The item last looked at, by category: people come back to it.
  var eye: [Int: Int] = [:]
  /// Items whose price they follow.
  var watched: [Int] = []

  /// Hears of a message; what they like costs less patience. False when patience is gone.
  mutating func bear(liking: Double, at: Instant) -> Bool {
    let days = Double((at - judged).milliseconds) / 86_400_000
    judged = at
    patience = min(1, patience + days * recovery) - irritability * (1.1 - liking)
    return patience > 0
  }

  /// Mutes something, and feels better. The second time it is everything.
  mutating func optOut() -> Bool {
    optOuts += 1
    patience = 0.6
    return optOuts > 1
  }

  var visits: String { visitsPerDay < 1.5 ? "seldom" : "often" }

  func isAwake(_ at: Instant) -> Bool {
    (8..<23).contains(zone.timeOfDay(at) / 3_600_000)
  }

  /// The profile the app knows from the start.
  var profile: ProfilePatch {
    var changes = [
      ProfilePatch.Change(readsChinese ? "name.zh" : "name.en", .string(name)),
      ProfilePatch.Change("language", .string(readsChinese ? "zh" : "en")),
      ProfilePatch.Change("city", .string(city)),
      ProfilePatch.Change("age", .string(age)),
      ProfilePatch.Change("visits", .string(visits)),
      ProfilePatch.Change("zone", .string(zone.name)),
    ]
    switch startsWithout {
    case .nothing: break
    case .everything: changes.append(ProfilePatch.Change("consent", .bool(false)))
    case .topic(let topic): changes.append(ProfilePatch.Change("topics.\(topic)", .bool(false)))
    }
    return ProfilePatch(user: user, changes: changes)
  }
}

extension Resident {
  /// - Parameter topics: what can be muted.
  init(
    number: Int, at start: Instant, zones: Zones, topics: [String], categories: Int, _ generator: inout SeededGenerator
  ) {
    user = "u" + String(10_000 + number)
    judged = start
    let place = generator.weighted([70, 12, 10, 8])
    let places = [
      (zones.shanghai, "Hangzhou"), (zones.shanghai, "Suzhou"), (zones.berlin, "Berlin"), (zones.newYork, "New York"),
    ]
    (zone, city) = places[place]
    readsChinese = place < 2 ? generator.chance(0.95) : generator.chance(0.1)
    let names = readsChinese ? Self.chineseNames : Self.englishNames
    name = names[generator.index(below: names.count)]
    tastes = (0..<categories).map { _ in
      let taste = generator.fraction()
      return taste * taste
    }
    let activity = generator.fraction()
    visitsPerDay = 0.4 + 4 * activity * activity
    rhythm = Self.rhythms[generator.weighted([3, 5, 2])]
    weekend = 0.6 + 0.9 * generator.fraction()
    irritability = 0.1 + 0.5 * generator.fraction()
    recovery = 0.08 + 0.2 * generator.fraction()
    let mood = generator.fraction()
    let topic = topics.isEmpty ? nil : topics[generator.index(below: topics.count)]
    age = ["18-29", "30-49", "50+"][generator.weighted([35, 40, 25])]
    startsWithout = mood < 0.03 ? .everything : mood < 0.1 ? topic.map(Refusal.topic) ?? .nothing : .nothing
  }

  struct Zones: Sendable {
    var shanghai = Zones.table("Asia/Shanghai")
    var berlin = Zones.table("Europe/Berlin")
    var newYork = Zones.table("America/New_York")

    private static func table(_ name: String) -> Zone { ZoneTables.zone(named: name) ?? .utc }
  }

  private static let chineseNames = ["小林", "阿芳", "建国", "晓雨", "子涵", "美玲", "大伟", "思远", "丽华", "俊杰"]
  private static let englishNames = [
    "Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Henry", "Ida", "Jonas",
  ]

  /// Early birds, people with an office, and those who shop at night.
  private static let rhythms: [[Double]] = [
    [0, 0, 0, 0, 1, 4, 9, 9, 6, 4, 4, 4, 5, 4, 4, 4, 4, 5, 6, 5, 3, 1, 0, 0],
    [1, 0, 0, 0, 0, 0, 1, 3, 5, 3, 3, 4, 8, 6, 3, 3, 3, 4, 6, 8, 10, 10, 7, 3],
    [7, 5, 3, 1, 0, 0, 0, 0, 1, 1, 2, 3, 4, 4, 3, 3, 3, 4, 4, 5, 7, 9, 10, 9],
  ]
}
