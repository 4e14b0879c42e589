import AttuneModel
import Store
import Testing

@Suite struct ProjectionTests {
  private let folder = StoreFolder()

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
}
