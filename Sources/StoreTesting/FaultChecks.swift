import AttuneModel
import Store

extension StoreConformance {
  /// What a store leaves behind when it fails, and when it only seems to.
  public static let faults: [Check] =
    [
      Check("faults: a refused append leaves nothing") { place in
        let faults = FaultyStore()
        for code in [.diskFull, .io] as [StoreError.Code] {
          var store = faults.over(try place.reopen())
          let (last, counts) = (store.journal.lastSequence, try store.outbox.counts())
          faults.next(.append, .refused(code))
          let commit = Commit(
            StoreSamples.batch(last + 1), history: StoreSamples.history(last + 1),
            queue: [StoreSamples.message(UInt64(last) + 1)])
          try equal(storeErrorCode { try store.journal.append(commit) }, code)
          for _ in 0..<2 {
            try equal(store.journal.lastSequence, last)
            try equal(try store.journal.all(after: last), [])
            try equal(try store.history.all(after: last), [])
            try equal(try store.outbox.counts(), counts)
            store = faults.over(try place.reopen())
          }
          try store.journal.append(commit)
          try equal(try store.journal.all(after: last), [commit.batch])
        }
      },
      Check("faults: an append whose answer was lost is there") { place in
        let faults = FaultyStore()
        var store = faults.over(try place.reopen())
        faults.next(.append, .answerLost)
        let commit = Commit(
          StoreSamples.batch(1), history: StoreSamples.history(1), queue: [StoreSamples.message(1)])
        try equal(storeErrorCode { try store.journal.append(commit) }, .io)
        for _ in 0..<2 {
          try equal(store.journal.lastSequence, 1)
          try equal(try store.journal.all(), [commit.batch])
          try equal(try store.history.all(), [commit.history])
          try equal(try store.outbox.counts().queued, 1)
          try equal(storeErrorCode { try store.journal.append(commit) }, .duplicate, "it is not taken twice")
          store = faults.over(try place.reopen())
        }
      },
      Check("faults: a torn checkpoint falls back to the one before") { place in
        let faults = FaultyStore()
        let store = faults.over(try place.reopen())
        for _ in 0..<5 { try store.journal.add() }
        try store.journal.saveCheckpoint([2], at: 2)
        faults.next(.checkpoint, .torn, .refused(.diskFull))
        try store.journal.saveCheckpoint([4], at: 4)
        try equal(storeErrorCode { try store.journal.saveCheckpoint([5], at: 5) }, .diskFull)
        try equal(try store.journal.latestCheckpoint()?.sequence, 2)
        try equal(storeErrorCode { try store.journal.trim(through: 4) }, .stillNeeded)
        try store.journal.trim(through: 2)
        try equal(try store.journal.all(after: 2).map(\.sequence), [3, 4, 5])
      },
      Check("faults: a read that fails harms nothing") { place in
        let faults = FaultyStore()
        let store = faults.over(try place.reopen())
        try store.journal.add(queue: [StoreSamples.message(1)])
        faults.always(.read, .refused(.io))
        try equal(storeErrorCode { _ = try store.journal.all() }, .io)
        try equal(storeErrorCode { _ = try store.history.all() }, .io)
        try equal(storeErrorCode { _ = try store.outbox.counts() }, .io)
        faults.always(.read, nil)
        try store.journal.add()
        try equal(try store.journal.all().count, 2)
      },
    ]
    + (1...12).map { (seed: UInt64) in
      Check("faults: random calls, \(seed % 2 == 0 ? "some fail" : "none fails"), seed \(seed)") { place in
        var calls = try RandomCalls(seed: seed, fails: seed % 2 == 0, in: place)
        try calls.run()
      }
    }
}
