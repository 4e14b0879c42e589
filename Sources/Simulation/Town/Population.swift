import AttuneModel
import Reach

/// Everybody in the town, and what they do when nobody writes to them.
struct Population: Sendable {
  let settings: TownSettings
  let catalogue: Catalogue
  private(set) var residents: [Resident] = []
  private let places: [String: Int]
  private var generator: SeededGenerator
  private var eventsNamed = 0

  init(_ settings: TownSettings, zones: Resident.Zones, topics: [String]) {
    self.settings = settings
    var generator = SeededGenerator(seed: settings.seed)
    catalogue = Catalogue(from: settings.start, days: settings.days, &generator)
    for number in 0..<settings.users {
      residents.append(
        Resident(
          number: number, at: settings.start, zones: zones, topics: topics, categories: catalogue.categories.count,
          &generator))
    }
    places = Dictionary(residents.enumerated().map { ($1.user, $0) }) { first, _ in first }
    self.generator = generator
  }

  func place(of user: String) -> Int? { places[user] }

  mutating func change<T>(_ place: Int, _ body: (inout Resident) -> T) -> T { body(&residents[place]) }

  /// Puts the visits of one day into the agenda.
  mutating func plan(day: Int, into agenda: inout Agenda) {
    let midnight = settings.start + .days(Int64(day))
    for place in residents.indices {
      let resident = residents[place]
      let local = resident.zone.day(midnight + .hours(12))
      // 1970-01-01 was a Thursday.
      let isWeekend = [2, 3].contains((local % 7 + 7) % 7)
      let mean = resident.visitsPerDay * (isWeekend ? resident.weekend : 1)
      let weights = (0..<24).map { hour in
        resident.rhythm[Int(resident.zone.timeOfDay(midnight + .hours(Int64(hour))) / 3_600_000)]
      }
      for _ in 0..<generator.count(mean) {
        let hour = Int64(generator.weighted(weights))
        visit(place, from: midnight + .hours(hour) + generator.span(upTo: .hours(1)), &agenda)
      }
    }
  }

  /// One visit: a category, perhaps a search, views, and sometimes more.
  private mutating func visit(_ place: Int, from start: Instant, _ agenda: inout Agenda) {
    let category = generator.weighted(residents[place].tastes)
    var now = start
    func searches(_ generator: inout SeededGenerator) -> Int { generator.chance(0.3) ? 1 + generator.count(0.5) : 0 }
    for _ in 0..<searches(&generator) {
      send("search", place, category: category, at: now, &agenda)
      now = now + generator.wait(.seconds(40))
    }
    let known = residents[place].eye[category].flatMap { generator.chance(0.6) ? $0 : nil }
    let eye = known ?? anyItem(of: category)
    residents[place].eye[category] = eye
    var looks = 0
    for _ in 0..<(1 + generator.count(6)) {
      let item = generator.chance(0.35) ? eye : anyItem(of: category)
      looks += item == eye ? 1 : 0
      send("view", place, item: item, at: now, &agenda)
      now = now + .seconds(3) + generator.wait(.seconds(30))
    }
    if looks > 0 { decide(place, about: eye, from: now, &agenda) }
  }

  private mutating func decide(_ place: Int, about item: Int, from start: Instant, _ agenda: inout Agenda) {
    var now = start
    if generator.chance(0.15) { follow(place, item, "favourite", at: now, &agenda) }
    if generator.chance(0.12) {
      follow(place, item, "chat", at: now, &agenda)
      now = now + generator.wait(.minutes(10))
      if generator.chance(0.4) { send("chat", place, item: item, at: now, &agenda) }
    }
    guard generator.chance(0.14) else { return }
    now = now + generator.wait(.seconds(50))
    send("cart", place, item: item, at: now, &agenda)
    if generator.chance(0.4) { send("buy", place, item: item, at: now + generator.wait(.minutes(8)), &agenda) }
  }

  /// From now on they hear when it gets cheaper.
  private mutating func follow(
    _ place: Int, _ item: Int, _ name: String, at: Instant, _ agenda: inout Agenda
  ) {
    send(name, place, item: item, at: at, &agenda)
    guard let cut = catalogue.items[item].cut, cut.at > at, !residents[place].watched.contains(item) else { return }
    residents[place].watched.append(item)
    send("price", place, item: item, at: cut.at + generator.span(upTo: .minutes(5)), &agenda)
  }

  private mutating func anyItem(of category: Int) -> Int {
    // The first in the shop window are looked at most.
    let place = generator.fraction() * generator.fraction()
    return catalogue.item(of: category, number: Int(place * Double(Catalogue.itemsPerCategory)))
  }
}

// From the phone to the agenda.
extension Population {
  mutating func send(
    _ name: String, _ place: Int, item: Int, at: Instant, _ agenda: inout Agenda
  ) {
    let thing = catalogue.items[item]
    let words = residents[place].readsChinese ? thing.chinese : thing.english
    send(
      name, place, category: thing.category, at: at, &agenda,
      with: [
        Property("item", .string(thing.id)), Property("name", .string(words)),
        Property("price", .number(thing.price(at: at))),
      ])
  }

  private mutating func send(
    _ name: String, _ place: Int, category: Int, at: Instant, _ agenda: inout Agenda, with properties: [Property] = []
  ) {
    eventsNamed += 1
    let kind = catalogue.categories[category]
    let words = residents[place].readsChinese ? kind.chinese : kind.name
    let event = Event(
      id: "e\(eventsNamed)", user: residents[place].user, name: name, at: at,
      properties: properties + [Property("category", .string(kind.name)), Property("kind", .string(words))])
    for arrival in Network.arrivals(of: at, &generator) { agenda.add(.event(event), at: arrival) }
  }
}
