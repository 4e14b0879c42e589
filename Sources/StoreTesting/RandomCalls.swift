import AttuneModel
import Store
import StoreMemory

/// Random calls, with reopenings, to a store and to one of plain arrays; both have to answer the same.
struct RandomCalls {
  private let seed: UInt64
  private let fails: Bool
  private let place: StoreConformance.Place
  private let faults = FaultyStore()
  private let model = MemoryStore().open()
  private var store: OpenedStore
  private var random: SeededGenerator
  private var clock: Int64 = 0
  /// Of the next message.
  private var next: UInt64 = 1
  private var step = 0

  init(seed: UInt64, fails: Bool, in place: StoreConformance.Place) throws {
    self.seed = seed
    self.fails = fails
    self.place = place
    random = SeededGenerator(seed: seed)
    store = faults.over(try place.reopen())
  }

  private var spot: String { "seed \(seed), step \(step)" }

  mutating func run() throws {
    while step < 150 {
      clock += Int64.random(in: 0...3, using: &random)
      try call()
      try equal(try store.outbox.claimed(), try model.outbox.claimed(), spot)
      try equal(try store.outbox.withheld(), try model.outbox.withheld(), spot)
      try equal(try store.outbox.counts(), try model.outbox.counts(), spot)
      step += 1
    }
  }

  private mutating func call() throws {
    let now = StoreSamples.at(clock)
    let some = (0..<3).map { _ in anyMessage() }
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: try append(settling: some)
    case 2, 3:
      let kind = Message.Class.allCases[Int.random(in: 0...1, using: &random)]
      try both(.outbox) { try $0.outbox.claim(channel: "log", class: kind, limit: 3, now: now) }
    case 4: try both(.outbox) { try $0.outbox.expired(limit: 2, now: now) }
    case 5:
      let retries = some.map {
        Retry(
          message: $0, notBefore: StoreSamples.at(clock + 2), doubtful: Bool.random(using: &random),
          isAttempt: Int.random(in: 0..<4, using: &random) > 0)
      }
      try both(.outbox) { store in
        try store.outbox.requeue(retries)
        return true
      }
    case 6: try both(.outbox) { try $0.outbox.withdraw(some) }
    default: store = faults.over(try place.reopen())
    }
  }

  private mutating func append(settling some: [CandidateID]) throws {
    let new = (0..<UInt64.random(in: 0...4, using: &random)).map { offset in
      StoreSamples.message(
        next + offset, at: clock, expires: Bool.random(using: &random) ? clock + 5 : nil,
        class: Bool.random(using: &random) ? .marketing : .transactional,
        priority: Int.random(in: 0...2, using: &random))
    }
    let outcome = Settlement.Outcome.allCases.randomElement(using: &random) ?? .accepted
    let settlements = some.map { Settlement(message: $0, outcome: outcome) }
    let recalled = (0..<2).map { _ in anyMessage() }
    next += UInt64(new.count)
    try both(.append) { store in
      try store.journal.add(queue: new, withdraw: recalled, settle: settlements)
      return true
    }
  }

  private mutating func anyMessage() -> CandidateID { StoreSamples.id(UInt64.random(in: 1...next, using: &random)) }

  /// What was done is done in both; what was not, in none.
  private mutating func both<T: Equatable>(_ kind: FaultyStore.Step, _ call: (OpenedStore) throws -> T) throws {
    let choice: [FaultyStore.Fault?] = fails ? [nil, .refused(.diskFull), .answerLost] : [nil]
    let fault = choice.randomElement(using: &random) ?? nil
    if let fault { faults.next(kind, fault) }
    let found = Result { try call(store) }
    switch (fault, found) {
    case (nil, .success(let found)): try equal(found, try call(model), spot)
    case (nil, .failure(let error)): throw error
    case (.answerLost, .failure): _ = try call(model)
    case (_, .failure): break
    case (_, .success): try holds(false, "\(spot): the fault was not seen")
    }
  }
}
