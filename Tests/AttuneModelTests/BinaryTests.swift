import AttuneModel
import Testing

/// Every word that is stored comes back as it was, and damaged bytes are an error.
@Suite struct BinaryTests {
  @Test func roundTrips() throws {
    for seed in UInt64(0)..<200 {
      var random = SeededGenerator(seed: seed)
      try check(random.text(), seed)
      try check(random.next(), seed)
      try check(random.instant(), seed)
      try check(TimeSpan(milliseconds: random.int64()), seed)
      try check(random.candidate(), seed)
      try check(random.value(), seed)
      try check(random.property(), seed)
      try check(random.event(), seed)
      try check(random.change(), seed)
      try check(random.patch(), seed)
      try check(random.settlement(), seed)
      try check(random.receipt(), seed)
      try check(random.message(), seed)
      try check(random.reservation(), seed)
      try check(random.reservationSettlement(), seed)
      try check(random.origin(), seed)
      try check(random.origin().source, seed)
      try check(random.obstacle(), seed)
      try check(random.check(), seed)
      try check(random.trace(), seed)
      try check(random.tallyKey(), seed)
      try check(random.tally(), seed)
      try check(random.transition(), seed)
      try check(random.zone(), seed)
      try check(random.mark(), seed)
      try check(random.entry(), seed)
      try check(random.node(), seed)
      try check(random.source(), seed)
    }
  }

  @Test func roundTripsOfCases() throws {
    for outcome in Settlement.Outcome.allCases { try check(outcome, 0) }
    for kind in Receipt.Kind.allCases { try check(kind, 0) }
    for stage in Tally.Stage.allCases { try check(stage, 0) }
    for outcome in Trace.Outcome.allCases { try check(outcome, 0) }
    for settlement in FatigueSettlement.allCases { try check(settlement, 0) }
    for choice in [Message.WhenUnknown.atMostOnce, .atLeastOnce] { try check(choice, 0) }
    #expect(throws: BinaryError.self) { try Settlement.Outcome(decoding: [200]) }
  }

  /// Whole, cut short at every place, and with one byte changed.
  private func check<T: BinaryCodable & Equatable>(_ value: T, _ seed: UInt64) throws {
    let bytes = value.encoded()
    #expect(try T(decoding: bytes) == value, "seed \(seed)")
    #expect(throws: BinaryError.self, "seed \(seed)") { try T(decoding: bytes + [0]) }
    var random = SeededGenerator(seed: seed)
    for _ in 0..<min(bytes.count, 6) {
      let place = random.index(below: bytes.count)
      #expect(throws: BinaryError.self, "\(T.self), seed \(seed), cut at \(place)") {
        try T(decoding: Array(bytes[..<place]))
      }
      var damaged = bytes
      damaged[place] ^= UInt8(truncatingIfNeeded: random.next() | 1)
      // Whatever it is now: reading it again gives the same, and nothing traps.
      if let other = try? T(decoding: damaged) {
        let again = other.encoded()
        #expect(try T(decoding: again).encoded() == again, "\(T.self), seed \(seed), damaged at \(place)")
      }
    }
  }

  @Test func randomBytesNeverTrap() {
    var random = SeededGenerator(seed: 7)
    var read = 0
    for _ in 0..<3000 {
      // Small bytes are likely to be counts and cases.
      let bytes = (0..<random.index(below: 60)).map { _ in
        UInt8(truncatingIfNeeded: random.flag() ? random.next() % 6 : random.next())
      }
      if (try? Trace(decoding: bytes)) != nil { read += 1 }
      if (try? Tally(decoding: bytes)) != nil { read += 1 }
      if (try? Value(decoding: bytes)) != nil { read += 1 }
      if (try? ConfigurationSource(decoding: bytes)) != nil { read += 1 }
    }
    #expect(read > 0)
  }

  /// A list in a list in a list ... from a few damaged bytes must not use up the stack, or memory.
  @Test func bottomlessNesting() {
    let deep = Array(repeatElement([4, 1] as [UInt8], count: 100_000).joined())
    #expect(throws: BinaryError.self) { try Value(decoding: deep) }
    let mark: [UInt8] = [0, 0, 0]
    let nodes = Array(repeatElement(mark + [3, 1], count: 100_000).joined())
    #expect(throws: BinaryError.self) { try Node(decoding: nodes) }
  }

  @Test func countsThatOverflow() throws {
    var writer = ByteWriter()
    writer.write(UInt64(2))
    for _ in 0..<2 {
      writer.write(Tally.Key(day: 0, stage: .sent))
      writer.write(Int.max)
    }
    #expect(try Tally(decoding: writer.bytes).counts.map(\.value) == [Int.max])
  }

  @Test func notANumberKeepsItsBits() throws {
    let bytes = Value.number(.nan).encoded()
    #expect(try Value(decoding: bytes).encoded() == bytes)
  }

  @Test func formOfNumbersAndText() throws {
    var writer = ByteWriter()
    writer.write(UInt64(300))
    writer.write(Int64(-1))
    writer.write("é")
    #expect(writer.bytes == [0xAC, 0x02, 0x01, 0x02, 0xC3, 0xA9])
  }
}
