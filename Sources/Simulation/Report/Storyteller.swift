import AttuneModel

/// Finds the users of a town whose days are worth telling.
struct Storyteller {
  /// At most so many answers: a story is to be read.
  private static let longest = 10

  private let lives: [(user: String, life: Chronicle.Life)]
  private let population: Population
  private let traces: (_ user: String) throws -> [Trace]

  /// - Parameter traces: what the store tells of a user's candidates.
  init(_ chronicle: Chronicle, _ population: Population, traces: @escaping (_ user: String) throws -> [Trace]) {
    lives = chronicle.lives.filter { $0.life.traces <= Self.longest }
    self.population = population
    self.traces = traces
  }

  /// Three users: one who opened and bought, one kept from messages for many reasons, one spared in quiet hours.
  ///
  /// - Throws: what `traces` throws.
  func stories() throws -> [Story] {
    var told: Set<String> = []
    // Worth falls with length: the shortest that shows it.
    return [
      try pick("got a message, opened it, and bought", &told) { life, _ in
        life.converted > 0 ? 100 + 10 * min(2, life.refusals.count) - 3 * life.traces : 0
      },
      try pick("refused for different reasons", &told) { life, _ in
        life.refusals.count > 1 ? 100 * life.refusals.count - life.traces : 0
      },
      try pick("left in peace at night, reached in the morning", &told) { life, resident in
        // A night that is not the town's own shows whose clock counts.
        life.patient > 0 ? 100 + 10 * min(1, life.opened) + (resident.city == "Berlin" ? 20 : 0) - life.traces : 0
      },
    ].compactMap(\.self)
  }

  private func pick(
    _ headline: String, _ told: inout Set<String>, _ worth: (Chronicle.Life, Resident) -> Int
  ) throws -> Story? {
    var best: (resident: Resident, life: Chronicle.Life, worth: Int)?
    for (user, life) in lives where !told.contains(user) {
      guard let place = population.place(of: user) else { continue }
      let resident = population.residents[place]
      let worth = worth(life, resident)
      if worth > max(0, best?.worth ?? 0) { best = (resident, life, worth) }
    }
    guard let (resident, life, _) = best else { return nil }
    told.insert(resident.user)
    return Story(
      user: resident.user, headline: headline, zone: resident.zone, city: resident.city,
      traces: try traces(resident.user), receipts: life.receipts)
  }
}
