import AttuneModel
import Store
import Testing

@Suite struct ProjectionTests {
  private let folder = StoreFolder()

  private func tally(_ day: Int64, _ count: Int, _ detail: String = "") -> Tally {
    var tally = Tally()
    tally.add(
      Tally.Key(day: day, stage: .refused, source: .rule("r"), scene: "s", business: "b", detail: detail), count)
    tally.add(Tally.Key(day: day, stage: .matched, source: .rule("r")), 1)
    return tally
  }

  @Test func timelinesAndFunnel() throws {
    var store = try folder.reopen()
    #expect(try store.history.indexedThrough() == 0)
    #expect(try store.history.funnel() == Tally())
    try store.history.index([
      Projection(batch: 1, users: ["anna", "李"], tally: tally(1, 2, "consent")),
      Projection(batch: 2, users: []), Projection(batch: 3, users: ["李", "李"], tally: tally(1, 3, "consent")),
    ])
    try store.history.index([Projection(batch: 4, users: ["anna"], tally: tally(2, 1))])
    store = try folder.reopen()
    #expect(try store.history.indexedThrough() == 4)
    #expect(try store.history.batches(of: "anna") == [1, 4])
    #expect(try store.history.batches(of: "李") == [1, 3])
    #expect(try store.history.batches(of: "nobody").isEmpty)
    var sum = tally(1, 5, "consent")
    sum.add(Tally.Key(day: 1, stage: .matched, source: .rule("r")), 1)
    sum.merge(tally(2, 1))
    #expect(try store.history.funnel() == sum)
  }

  /// Whoever is looked for is found in every batch that was told, and hardly in any other.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyUserIsFound(seed: UInt64) throws {
    let store = try folder.reopen()
    var random = SeededGenerator(seed: seed)
    var batches: [String: [Int64]] = [:]
    var next: Int64 = 1
    for _ in 0..<20 {
      let projections = (0..<random.next() % 40).map { _ in
        let users = (0..<random.next() % 30).map { _ in "u\(random.next() % 500)" }
        for user in Set(users) { batches[user, default: []].append(next) }
        defer { next += 1 }
        return Projection(batch: next, users: users)
      }
      try store.history.index(projections)
    }
    for number in 0..<500 {
      #expect(
        try store.history.batches(of: "u\(number)") == batches["u\(number)"] ?? [], "seed \(seed), user \(number)")
    }
  }

  @Test func cursorMovesWithWhatItCounts() throws {
    let store = try folder.reopen()
    let first = Projection(batch: 1, users: ["a"], tally: tally(1, 1))
    try store.history.index([first])
    try store.history.index([first, Projection(batch: 2, users: ["a"], tally: tally(1, 1))])
    #expect(try store.history.funnel().total(.refused) == 2, "what is known is not counted again")
    let gap = [Projection(batch: 3, users: ["b"], tally: tally(1, 1)), Projection(batch: 5, users: [])]
    #expect(code { try store.history.index(gap) } == .outOfOrder)
    #expect(try store.history.indexedThrough() == 2)
    #expect(try store.history.funnel().total(.refused) == 2, "all or nothing")
    #expect(try store.history.batches(of: "b").isEmpty)
  }
}
