import AttuneModel

/// Random words of the model, every case of every type among them.
extension SeededGenerator {
  mutating func flag() -> Bool { next() % 2 == 0 }
  mutating func index(below count: Int) -> Int { Int(next() % UInt64(count)) }
  mutating func one<T>(of values: [T]) -> T { values[index(below: values.count)] }
  mutating func maybe<T>(_ make: (inout Self) -> T) -> T? { flag() ? make(&self) : nil }
  mutating func several<T>(_ make: (inout Self) -> T) -> [T] { (0..<index(below: 4)).map { _ in make(&self) } }

  mutating func text() -> String {
    one(of: [
      "", "a", "view", "item.name", "咸鱼", "مرحبا", "👩‍👩‍👧‍👦", "line\nbreak", "null", String(repeating: "x", count: 200),
    ])
  }
  /// Numbers of every magnitude, both signs, and the ends.
  mutating func int64() -> Int64 {
    flag() ? one(of: [.min, .max, 0, -1, 1]) : Int64(bitPattern: next()) >> Int64(index(below: 64))
  }
  mutating func int() -> Int { Int(int64()) }
  mutating func instant() -> Instant { Instant(milliseconds: int64()) }
  mutating func candidate() -> CandidateID {
    CandidateID(partition: index(below: 64), number: next() >> UInt64(16 + index(below: 48)))
  }
  mutating func number() -> Double {
    one(of: [0, -0.0, 1.5, -1e300, .infinity, .leastNonzeroMagnitude, Double(int64()), fraction()])
  }
  mutating func value(depth: Int = 0) -> Value {
    switch index(below: depth < 3 ? 4 : 3) {
    case 0: .string(text())
    case 1: .number(number())
    case 2: .bool(flag())
    default: .list(several { $0.value(depth: depth + 1) })
    }
  }
  mutating func property() -> Property { Property(text(), value()) }
  mutating func event() -> Event {
    Event(id: maybe { $0.text() }, user: text(), name: text(), at: instant(), properties: several { $0.property() })
  }
  mutating func change() -> ProfilePatch.Change { ProfilePatch.Change(text(), maybe { $0.value() }) }
  mutating func patch() -> ProfilePatch { ProfilePatch(user: text(), changes: several { $0.change() }) }
  mutating func settlement() -> Settlement {
    Settlement(
      message: candidate(), outcome: one(of: Settlement.Outcome.allCases), user: text(), channel: text(),
      code: maybe { $0.text() }, providerID: maybe { $0.text() },
      latency: maybe { TimeSpan(milliseconds: $0.instant().milliseconds) }, attempts: one(of: [0, 1, 7]))
  }
  mutating func receipt() -> Receipt {
    Receipt(message: candidate(), kind: one(of: Receipt.Kind.allCases), at: instant())
  }
  mutating func reservation() -> Reservation {
    Reservation(
      id: text(), user: text(), business: text(), zone: maybe { $0.text() }, at: maybe { $0.instant() })
  }
  mutating func reservationSettlement() -> ReservationSettlement {
    ReservationSettlement(id: text(), user: text(), settlement: one(of: FatigueSettlement.allCases))
  }
  mutating func message() -> Message {
    Message(
      id: candidate(), user: text(), business: text(), channel: text(), title: text(), body: text(),
      data: several { $0.property() }, material: text(), at: instant(), expires: maybe { $0.instant() },
      whenUnknown: one(of: [.atMostOnce, .atLeastOnce]), class: one(of: Message.Class.allCases),
      priority: one(of: [0, 5, 1000]))
  }
  mutating func origin() -> Origin {
    one(of: [.match(rule: text(), version: int()), .campaign, .reservation])
  }
  mutating func obstacle() -> Obstacle {
    one(of: [
      .validity, .campaign, .holdout, .filter("f" + text()), .materials, .choice, .quota, .fatigue(nil),
      .fatigue(one(of: FatigueDimension.allCases)),
    ])
  }
  mutating func check() -> Trace.Check {
    Trace.Check(
      obstacle(), passed: flag(), reason: maybe { $0.text() }, next: maybe { $0.instant() },
      details: several { $0.property() })
  }
  mutating func trace() -> Trace {
    Trace(
      id: flag() ? .candidate(candidate()) : .reservation(text()), at: instant(), user: text(), scene: text(),
      business: text(), origin: origin(), matched: instant(), outcome: one(of: Trace.Outcome.allCases),
      obstacle: maybe { $0.obstacle() }, reason: maybe { $0.text() }, next: maybe { $0.instant() },
      material: maybe { $0.text() }, choice: maybe { $0.text() }, checks: several { $0.check() })
  }
  mutating func tallyKey() -> Tally.Key {
    Tally.Key(
      day: int64(), stage: one(of: Tally.Stage.allCases), source: maybe { $0.origin().source }, scene: text(),
      business: text(),
      detail: text())
  }
  mutating func tally() -> Tally {
    var tally = Tally()
    for key in several({ $0.tallyKey() }) { tally.add(key, index(below: 1000)) }
    return tally
  }
  mutating func transition() -> Zone.Transition {
    Zone.Transition(at: instant(), offset: Int32(truncatingIfNeeded: int64()))
  }
  mutating func zone() -> Zone {
    Zone(
      name: text(), initialOffset: Int32(truncatingIfNeeded: int64()), transitions: several { $0.transition() })
  }
  mutating func mark() -> Mark { Mark(file: text(), line: int(), column: int()) }
  mutating func entry(depth: Int = 0) -> Node.Entry {
    Node.Entry(key: text(), keyMark: mark(), value: node(depth: depth))
  }
  mutating func node(depth: Int = 0) -> Node {
    switch index(below: depth < 3 ? 4 : 2) {
    case 0: Node(.null, mark: mark())
    case 1: Node(.scalar(text(), quoted: flag()), mark: mark())
    case 2: Node(.sequence(several { $0.node(depth: depth + 1) }), mark: mark())
    default: Node(.mapping(several { $0.entry(depth: depth + 1) }), mark: mark())
    }
  }
  mutating func source() -> ConfigurationSource {
    ConfigurationSource(
      settings: maybe { $0.node() }, rules: several { $0.node() }, businesses: several { $0.node() },
      zones: several { $0.zone() })
  }
}
