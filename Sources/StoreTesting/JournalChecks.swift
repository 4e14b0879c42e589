import AttuneModel
import Store

extension StoreConformance {
  /// Batches, checkpoints, trimming.
  public static let journal: [Check] = [
    Check("journal: batches come back as they were appended") { place in
      var store = try place.reopen()
      try equal(store.journal.lastSequence, 0)
      try equal(try store.journal.firstSequence(), 1)
      try equal(try store.journal.all(), [])
      // More than are read at a time.
      let batches = (1...40).map { StoreSamples.batch($0, size: Int($0) % 3 * 50) }
      for batch in batches { try store.journal.append(Commit(batch)) }
      for _ in 0..<2 {
        try equal(store.journal.lastSequence, 40)
        try equal(try store.journal.all(), batches)
        try equal(try store.journal.all(after: 33), Array(batches[33...]))
        try equal(try store.journal.all(after: 40), [])
        store = try place.reopen()
      }
      for sequence in [1, 7, 40] as [Int64] {
        try equal(try store.journal.batch(sequence), StoreSamples.batch(sequence, size: Int(sequence) % 3 * 50))
      }
      for sequence in [0, 41, .min, .max] as [Int64] { try equal(try store.journal.batch(sequence), nil) }
    },
    Check("journal: a batch follows the last one") { place in
      let store = try place.reopen()
      for _ in 0..<3 { try store.journal.add() }
      for (sequence, code) in [(3, .duplicate), (5, .outOfOrder), (0, .duplicate)] as [(Int64, StoreError.Code)] {
        try equal(storeErrorCode { try store.journal.append(Commit(StoreSamples.batch(sequence))) }, code)
      }
      try equal(try store.journal.all().map(\.sequence), [1, 2, 3])
    },
    Check("journal: a reader that has enough") { place in
      struct Enough: Error {}
      let store = try place.reopen()
      for _ in 0..<3 { try store.journal.add() }
      do {
        try store.journal.batches(after: 0) { _ in throw Enough() }
        try holds(false, "what the reader throws is not passed on")
      } catch is Enough {}
      try equal(try store.journal.all().count, 3)
    },
    Check("journal: batches by their clocks") { place in
      let store = try place.reopen()
      try equal(try store.journal.sequence(before: StoreSamples.at(5)), 0)
      for _ in 0..<9 { try store.journal.add() }
      // The clock of a batch is its number.
      for (second, sequence) in [(0, 0), (1, 0), (2, 1), (9, 8), (10, 9), (99, 9)] as [(Int64, Int64)] {
        try equal(try store.journal.sequence(before: StoreSamples.at(second)), sequence, "second \(second)")
      }
    },
    Check("journal: the last two checkpoints are kept") { place in
      var store = try place.reopen()
      try holds(try store.journal.latestCheckpoint() == nil, "a new store has no checkpoint")
      for _ in 0..<20 { try store.journal.add() }
      try store.journal.saveCheckpoint([], at: 1)
      try equal(try store.journal.latestCheckpoint()?.state, [])
      try store.journal.saveCheckpoint([1, 2, 3], at: 20)
      try store.journal.saveCheckpoint([4], at: 20)
      for _ in 0..<2 {
        try equal(try store.journal.latestCheckpoint()?.sequence, 20)
        try equal(try store.journal.latestCheckpoint()?.state, [4])
        store = try place.reopen()
      }
    },
    Check("journal: left in order, it is found in order") { place in
      for _ in 0..<3 {
        let store = try place.reopen()
        try equal(store.findings, [], "of batch \(store.journal.lastSequence)")
        try store.journal.add(queue: [StoreSamples.message(UInt64(store.journal.lastSequence))])
        try store.journal.saveCheckpoint([1], at: store.journal.lastSequence)
        _ = try store.journal.latestCheckpoint()
        try equal(store.findings, [])
      }
    },
    Check("journal: no checkpoint is ahead of the journal") { place in
      let store = try place.reopen()
      try store.journal.add()
      try store.journal.saveCheckpoint([1], at: 1)
      try equal(storeErrorCode { try store.journal.saveCheckpoint([2], at: 2) }, .outOfOrder)
      try equal(try store.journal.latestCheckpoint()?.state, [1])
    },
    Check("journal: trimmed up to a checkpoint") { place in
      var store = try place.reopen()
      for _ in 0..<10 { try store.journal.add() }
      try equal(storeErrorCode { try store.journal.trim(through: 1) }, .stillNeeded, "without a checkpoint")
      try store.journal.saveCheckpoint([7], at: 7)
      try equal(storeErrorCode { try store.journal.trim(through: 8) }, .stillNeeded, "beyond the checkpoint")
      try equal(try store.journal.firstSequence(), 1)
      try store.journal.trim(through: 5)
      try store.journal.trim(through: 3)
      for _ in 0..<2 {
        try equal(try store.journal.firstSequence(), 6)
        try equal(store.journal.lastSequence, 10)
        try equal(try store.journal.all(after: 5).map(\.sequence), [6, 7, 8, 9, 10])
        try equal(try store.journal.all(after: 7).map(\.sequence), [8, 9, 10])
        try equal(storeErrorCode { _ = try store.journal.all(after: 4) }, .trimmed)
        try equal(storeErrorCode { _ = try store.journal.all() }, .trimmed)
        try equal(try store.journal.batch(5), nil)
        try equal(try store.journal.batch(6), StoreSamples.batch(6))
        try equal(try store.journal.sequence(before: StoreSamples.at(3)), 5)
        try equal(try store.journal.sequence(before: StoreSamples.at(9)), 8)
        try equal(try store.history.all().count, 10, "the history has a life of its own")
        store = try place.reopen()
      }
    },
    Check("journal: trimmed to the last batch, it goes on") { place in
      var store = try place.reopen()
      for _ in 0..<4 { try store.journal.add() }
      try store.journal.saveCheckpoint([4], at: 4)
      try store.journal.trim(through: 4)
      store = try place.reopen()
      try equal(store.journal.lastSequence, 4)
      try equal(try store.journal.firstSequence(), 5)
      try equal(storeErrorCode { try store.journal.append(Commit(StoreSamples.batch(1))) }, .duplicate)
      try store.journal.add()
      try equal(try store.journal.all(after: 4).map(\.sequence), [5])
      try equal(try store.journal.latestCheckpoint()?.state, [4])
    },
    Check("journal: closed, it does nothing") { place in
      let store = try place.reopen()
      try store.journal.add()
      _ = try place.reopen()
      try holds(storeErrorCode { try store.journal.add() } != nil, "a closed store takes a batch")
      try holds(storeErrorCode { _ = try store.outbox.counts() } != nil, "a closed store counts")
    },
  ]
}
