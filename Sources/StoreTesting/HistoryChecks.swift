import AttuneModel
import Store

extension StoreConformance {
  /// Traces, timelines, the funnel, trimming.
  public static let history: [Check] = [
    Check("history: written with the journal") { place in
      var store = try place.reopen()
      try equal(try store.history.firstSequence(), 1)
      for _ in 0..<40 { try store.journal.add() }
      for _ in 0..<2 {
        try equal(try store.history.all(), (1...40).map(StoreSamples.history))
        try equal(try store.history.all(after: 38).map(\.sequence), [39, 40])
        try equal(try store.history.batch(7), StoreSamples.history(7))
        for sequence in [0, 41, .min, .max] as [Int64] { try equal(try store.history.batch(sequence), nil) }
        store = try place.reopen()
      }
    },
    Check("history: timelines and funnel") { place in
      var store = try place.reopen()
      try equal(try store.history.indexedThrough(), 0)
      try equal(try store.history.funnel(), Tally())
      try store.history.index([
        Projection(batch: 1, users: ["anna", "李"], tally: tally(1, 2, "consent")),
        Projection(batch: 2, users: []), Projection(batch: 3, users: ["李", "李"], tally: tally(1, 3, "consent")),
      ])
      try store.history.index([Projection(batch: 4, users: ["anna"], tally: tally(2, 1))])
      store = try place.reopen()
      try equal(try store.history.indexedThrough(), 4)
      try equal(try store.history.batches(of: "anna"), [1, 4])
      try equal(try store.history.batches(of: "李"), [1, 3])
      try equal(try store.history.batches(of: "nobody"), [])
      var sum = tally(1, 5, "consent")
      sum.add(Tally.Key(day: 1, stage: .matched, source: .rule("r")), 1)
      sum.merge(tally(2, 1))
      try equal(try store.history.funnel(), sum)
    },
    Check("history: the cursor moves with what it counts") { place in
      let store = try place.reopen()
      let first = Projection(batch: 1, users: ["a"], tally: tally(1, 1))
      try store.history.index([first])
      try store.history.index([first, Projection(batch: 2, users: ["a"], tally: tally(1, 1))])
      try equal(try store.history.funnel().total(.refused), 2, "what is known is not counted again")
      let gap = [Projection(batch: 3, users: ["b"], tally: tally(1, 1)), Projection(batch: 5, users: [])]
      try equal(storeErrorCode { try store.history.index(gap) }, .outOfOrder)
      try equal(try store.history.indexedThrough(), 2)
      try equal(try store.history.funnel().total(.refused), 2, "all or nothing")
      try equal(try store.history.batches(of: "b"), [])
    },
    Check("history: what became of messages, by material") { place in
      let store = try place.reopen()
      var tally = Tally()
      for business in ["x", "y"] {
        tally.add(Tally.Key(day: 1, stage: .taken, source: .rule("r"), business: business, detail: "m"), 2)
        tally.add(Tally.Key(day: 1, stage: .taken, business: business), 5)
        tally.add(Tally.Key(day: 2, stage: .refused, source: .rule("r"), business: business, detail: "consent"), 2)
      }
      try store.history.index([Projection(batch: 1, users: [], tally: tally)])
      var expected = Tally()
      expected.add(Tally.Key(day: 1, stage: .taken, detail: "m"), 4)
      try equal(try store.history.messages([.taken, .opened]), expected)
      try equal(try store.history.messages([]), Tally())
    },
    Check("history: trimmed up to what is indexed") { place in
      var store = try place.reopen()
      for _ in 0..<9 { try store.journal.add() }
      try equal(storeErrorCode { try store.history.trim(through: 1) }, .stillNeeded, "before it is indexed")
      for sequence in 1...6 {
        try store.history.index([Projection(batch: Int64(sequence), users: ["a"], tally: tally(Int64(sequence), 1))])
      }
      let funnel = try store.history.funnel()
      try equal(storeErrorCode { try store.history.trim(through: 7) }, .stillNeeded, "beyond what is indexed")
      try store.history.trim(through: 4)
      try store.history.trim(through: 2)
      for _ in 0..<2 {
        try equal(try store.history.firstSequence(), 5)
        try equal(try store.history.all(after: 4).map(\.sequence), [5, 6, 7, 8, 9])
        try equal(storeErrorCode { _ = try store.history.all(after: 3) }, .trimmed)
        try equal(try store.history.batch(4), nil)
        try equal(try store.history.batches(of: "a"), [5, 6])
        try equal(try store.history.funnel(), funnel, "the funnel keeps its counts")
        try equal(try store.journal.all().count, 9, "the journal has a life of its own")
        store = try place.reopen()
      }
      try store.history.trim(through: 6)
      try equal(try store.history.batches(of: "a"), [])
      try store.history.index([Projection(batch: 7, users: ["a"])])
      try equal(try store.history.batches(of: "a"), [7])
    },
  ]

  private static func tally(_ day: Int64, _ count: Int, _ detail: String = "") -> Tally {
    var tally = Tally()
    tally.add(
      Tally.Key(day: day, stage: .refused, source: .rule("r"), scene: "s", business: "b", detail: detail), count)
    tally.add(Tally.Key(day: day, stage: .matched, source: .rule("r")), 1)
    return tally
  }
}
