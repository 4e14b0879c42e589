import AttuneModel
import Testing

@testable import Fatigue

@Suite struct Slabs {
  /// A record, and what must stand in it.
  private struct Account {
    var record: UInt32
    var ids: [UInt64]
  }

  private static func reach(_ id: UInt64) -> RecordedReach {
    RecordedReach(id: id, at: Instant(milliseconds: Int64(id)), limits: 0, flags: [], state: .committed)
  }

  private static func key(_ number: UInt64) -> UserKey { UserKey(high: mix64(number), low: number) }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func everyRunKeepsWhatIsItsOwn(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var slab = Slab()
    var accounts: [Account] = []
    var next: UInt64 = 0
    for _ in 0..<3000 {
      let index = accounts.indices.randomElement(using: &random)
      switch (Int.random(in: 0..<10, using: &random), index) {
      case (0...1, _), (_, nil):
        accounts.append(Account(record: slab.open(Self.key(next), count: 1), ids: []))
        write(&next, &accounts[accounts.count - 1], &slab, count: 1)
      case (2, let index?):
        slab.close(accounts[index].record)
        accounts.remove(at: index)
      case (3, let index?):
        // Some go, those at the front stay.
        let left = Int.random(in: 1...accounts[index].ids.count, using: &random)
        accounts[index].ids.removeLast(accounts[index].ids.count - left)
        accounts[index].record = slab.resize(accounts[index].record, to: left)
      case (4, let index?) where seed == 5:
        write(&next, &accounts[index], &slab, count: Int.random(in: 1...3000, using: &random))
      case (_, let index?): write(&next, &accounts[index], &slab, count: Int.random(in: 1...20, using: &random))
      }
    }
    for account in accounts {
      let found = slab.reading(account.record) { $0.map(\.id) }
      #expect(found == account.ids, "seed \(seed)")
      // Its first reach tells whose it is.
      #expect(slab.key(at: account.record) == Self.key(account.ids[0] - 1), "seed \(seed)")
    }
  }

  private func write(_ next: inout UInt64, _ account: inout Account, _ slab: inout Slab, count: Int) {
    let old = account.ids.count
    account.record = slab.resize(account.record, to: old + count)
    for _ in 0..<count {
      next += 1
      account.ids.append(next)
    }
    let ids = account.ids
    slab.writing(account.record) { reaches in
      for index in old..<old + count { reaches[index] = Self.reach(ids[index]) }
    }
  }

  @Test func whatWasGivenBackIsUsedAgain() {
    var slab = Slab()
    let whole = slab.allocate(10)
    slab.deallocate(whole)
    for _ in 0..<3 {
      // Halves and quarters find together again, in whatever order they come back.
      let blocks = [8, 9, 0, 3, 7, 0, 4].map { slab.allocate($0) }
      #expect(Set(blocks.map(\.offset)).count == blocks.count && blocks.allSatisfy { $0.offset < 1024 })
      for block in blocks.reversed() { slab.deallocate(block) }
      #expect(slab.allocate(10) == whole)
      slab.deallocate(whole)
    }
  }

  @Test func aCopyIsAValue() throws {
    let policy = FatiguePolicy(zone: .utc, user: .init(perDay: 9), businesses: ["a": .of(), "b": .of()])
    var fatigue = FatigueTracker(policy: policy)
    _ = try fatigue.reserve(id: 1, user: "ann", business: "a", zone: nil, at: .october(1, 0))
    let copy = fatigue
    for id in 2..<9 as Range<UInt64> {
      _ = try fatigue.reserve(id: id, user: "ann", business: "b", zone: nil, at: .october(1, 1))
    }
    #expect(try copy.check(user: "ann", business: "a", zone: nil, at: .october(1, 2)).user?.count == 1)
    #expect(try fatigue.check(user: "ann", business: "a", zone: nil, at: .october(1, 2)).user?.count == 8)
  }
}

@Suite struct Preparations {
  /// Nobody, strangers, users with few reaches and with many, the same one twice.
  @Test func whoeverIsPreparedForIsToldTheSame() throws {
    let policy = FatiguePolicy(zone: .utc, user: .init(perDay: 9000), businesses: ["a": .of(times: 9000)])
    var fatigue = FatigueTracker(policy: policy)
    fatigue.prepare(for: ["ann", "ben"])
    for (user, count) in [("ann", 1), ("ben", 40), ("cid", 3000)] {
      for id in 0..<UInt64(count) {
        _ = try fatigue.reserve(id: id, user: user, business: "a", zone: nil, at: .october(1, 0))
      }
    }
    let before = fatigue.encoded()
    fatigue.prepare(for: [])
    fatigue.prepare(for: ["dan", "cid", "ann", "ann", "", "ben"])
    #expect(fatigue.encoded() == before)
  }
}

@Suite struct UserKeys {
  @Test func noTwoOfManyAreTheSame() {
    var ids = (0..<50_000).map { "user-\($0)" }
    ids += ["", "\0", "\0\0", "用户", "用户1", "1用户", "é", "e\u{301}"]
    ids += (1...40).map { String(repeating: "a", count: $0) }
    #expect(Set(ids.map { UserKey($0) }).count == ids.count)
    #expect(Set(ids.map { UserKey($0).high }).count == ids.count && Set(ids.map { UserKey($0).low }).count == ids.count)
  }

  /// Part of the store's format.
  @Test func isTheSameEverywhere() {
    #expect(UserKey("用户-42") == UserKey(high: 624_685_830_057_232_108, low: 13_944_420_252_943_510_024))
  }
}

@Suite struct UserTables {
  /// Against a dictionary; keys from so few homes that they crowd.
  @Test(arguments: 0..<8 as Range<UInt64>)
  func holdsWhatADictionaryHolds(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var slab = Slab()
    var table = UserTable()
    var model: [UserKey: UInt32] = [:]
    for step in 0..<4000 {
      let low = UInt64.random(in: 0..<(seed < 4 ? 60 : 2000), using: &random)
      let key = UserKey(high: low, low: seed % 2 == 0 ? low << 57 : .max - low % 5)
      switch (table.place(of: key, in: slab), Int.random(in: 0..<3, using: &random)) {
      case (nil, _):
        let record = slab.open(key, count: 1)
        table.insert(key, record)
        model[key] = record
      case (let place?, 0):
        #expect(table[place] == model.removeValue(forKey: key), "seed \(seed), step \(step)")
        table.remove(at: place)
      case (let place?, _):
        #expect(slab.key(at: table[place]) == key && table[place] == model[key], "seed \(seed), step \(step)")
      }
    }
    #expect(table.count == model.count)
    let found = Dictionary(uniqueKeysWithValues: table.places.map { (slab.key(at: table[$0]), table[$0]) })
    #expect(found == model, "seed \(seed)")
  }
}
