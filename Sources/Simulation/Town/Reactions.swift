import AttuneModel
import Reach

/// What people do with a message, told by receipts; and what they do because of it.
struct Reactions: Sendable {
  private let promises: Promises
  private let appeal: Appeal
  /// Its own, so that what people do unasked does not depend on what is sent to them.
  private var generator: SeededGenerator

  init(seed: UInt64, promises: Promises) {
    self.promises = promises
    appeal = Appeal(seed: seed)
    generator = SeededGenerator(seed: mix64(seed &+ 1))
  }

  mutating func react(to message: Message, at: Instant, _ population: inout Population, _ agenda: inout Agenda) {
    guard let place = population.place(of: message.user), generator.chance(Network.arrival) else { return }
    tell(.delivered, message, at: at + generator.span(upTo: .seconds(5)), &agenda)
    if promises.campaigns[message.business] != nil { return answer(message, place, at: at, &population, &agenda) }
    guard promises.businesses[message.business]?.counts ?? true else {
      // The answer to what they just did.
      if generator.chance(0.7) { tell(.opened, message, at: at + generator.wait(.minutes(4)), &agenda) }
      return
    }
    let resident = population.residents[place]
    let liking = liking(of: message, resident, population.catalogue)
    let seen = at + generator.wait(resident.isAwake(at) ? .minutes(12) : .hours(5))
    let bears = population.change(place) { $0.bear(liking: liking, at: at) }
    guard bears else { return giveUp(message, place, at: seen, &population, &agenda) }
    let mood = resident.patience * (resident.isAwake(seen) ? 1 : 0.5)
    guard generator.chance((0.05 + 0.45 * liking) * mood) else {
      if generator.chance(0.4) { tell(.dismissed, message, at: seen, &agenda) }
      return
    }
    open(message, place, liking, at: seen, &population, &agenda)
  }

  private mutating func open(
    _ message: Message, _ place: Int, _ liking: Double, at: Instant, _ population: inout Population,
    _ agenda: inout Agenda
  ) {
    tell(.opened, message, at: at, &agenda)
    guard let item = population.catalogue.items.firstIndex(where: { .string($0.id) == message.data["item"] }) else {
      return
    }
    population.send("view", place, item: item, at: at + .seconds(2), &agenda)
    guard generator.chance(0.1 + 0.3 * liking) else { return }
    let bought = at + .seconds(30) + generator.wait(.minutes(4))
    population.send("buy", place, item: item, at: bought, &agenda)
    tell(.converted, message, at: bought, &agenda)
  }

  /// A click on a campaign's copy, as its appeal will have it.
  private mutating func answer(
    _ message: Message, _ place: Int, at: Instant, _ population: inout Population, _ agenda: inout Agenda
  ) {
    let seen = at + generator.wait(.minutes(25))
    guard generator.chance(appeal.click(on: message, by: population.residents[place])) else {
      if generator.chance(Appeal.refusal) { giveUp(message, place, at: seen, &population, &agenda) }
      return
    }
    tell(.opened, message, at: seen, &agenda)
    let item = generator.index(below: population.catalogue.items.count)
    population.send("view", place, item: item, at: seen + .seconds(2), &agenda)
    guard generator.chance(0.15) else { return }
    let bought = seen + .seconds(30) + generator.wait(.minutes(4))
    population.send("buy", place, item: item, at: bought, &agenda)
    tell(.converted, message, at: bought, &agenda)
  }

  /// Patience is gone: first the topic, then everything.
  private mutating func giveUp(
    _ message: Message, _ place: Int, at: Instant, _ population: inout Population, _ agenda: inout Agenda
  ) {
    tell(.unsubscribed, message, at: at, &agenda)
    if population.change(place, { $0.optOut() }) {
      let patch = ProfilePatch(user: message.user, changes: [ProfilePatch.Change("consent", .bool(false))])
      agenda.add(.profile(patch), at: at + .seconds(20))
    }
  }

  private func liking(of message: Message, _ resident: Resident, _ catalogue: Catalogue) -> Double {
    let category = catalogue.categories.firstIndex { .string($0.name) == message.data["category"] }
    return category.map { resident.tastes[$0] } ?? 0.3
  }

  private mutating func tell(_ kind: Receipt.Kind, _ message: Message, at: Instant, _ agenda: inout Agenda) {
    let receipt = Receipt(message: message.id, kind: kind, at: at)
    for arrival in Network.arrivals(of: at, &generator) { agenda.add(.receipt(receipt), at: arrival) }
  }
}
