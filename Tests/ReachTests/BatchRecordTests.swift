import AttuneModel
import Fatigue
import Reach
import Testing

/// What recovery goes by, in bytes.
@Suite struct BatchRecordTests {
  private struct Source {
    var random: SeededGenerator

    mutating func below(_ n: Int) -> Int { Int(random.next() % UInt64(n)) }

    /// Any number there is, the ends among them.
    mutating func number() -> Int64 {
      below(2) == 0 ? [.min, .max, 0, -1, 1][below(5)] : Int64(bitPattern: random.next()) >> Int64(below(64))
    }
    mutating func instant() -> Instant { Instant(milliseconds: number()) }
    mutating func maybe() -> Instant? { below(2) == 0 ? instant() : nil }
    mutating func reading() -> FatigueVerdict.Reading {
      FatigueVerdict.Reading(count: Int(number()), limit: Int(number()), next: maybe())
    }
    mutating func gap() -> FatigueVerdict.GapReading {
      FatigueVerdict.GapReading(
        passes: below(2) == 0, last: maybe(), minGap: TimeSpan(milliseconds: number()), next: maybe())
    }
    mutating func answer() -> ReservationAnswer {
      let ruling: ReservationAnswer.Ruling =
        switch below(8) {
        case 0: .unknownBusiness
        case 1: below(2) == 0 ? .unknownZone : .conflict
        default:
          .verdict(
            FatigueVerdict(
              user: below(9) == 0 ? nil : reading(), scene: below(2) == 0 ? nil : reading(), window: reading(),
              gap: below(9) == 0 ? nil : gap(), obeys: below(3) > 0))
        }
      return ReservationAnswer(at: instant(), scene: ["", "feed", "trade", "社区"][below(4)], ruling: ruling)
    }
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func answersComeBackAsTheyWere(seed: UInt64) throws {
    var source = Source(random: SeededGenerator(seed: seed))
    let record = BatchRecord(answers: (0..<source.below(20)).map { _ in source.answer() })
    let bytes = record.encoded()
    #expect(try BatchRecord(decoding: bytes) == record, "seed \(seed)")
    for cut in stride(from: 0, to: bytes.count, by: 1 + bytes.count / 20) {
      #expect(throws: BinaryError.self, "seed \(seed), cut at \(cut)") {
        try BatchRecord(decoding: Array(bytes[..<cut]))
      }
    }
    for _ in 0..<20 where !bytes.isEmpty {
      var damaged = bytes
      damaged[source.below(bytes.count)] ^= UInt8(1 + source.below(255))
      // Whatever it is now: nothing traps, and it is the same again.
      if let other = try? BatchRecord(decoding: damaged) {
        #expect(try BatchRecord(decoding: other.encoded()) == other, "seed \(seed)")
      }
    }
  }

  /// They are the most numerous records of all.
  @Test func anAnswerTakesAboutTwentyBytes() throws {
    var engine = try Fixture.engine()
    let inputs = (0..<1000).map { Fixture.reserve("r\($0)", "user-\($0 % 300)", $0 % 2 == 0 ? "orders" : "news") }
    let answers = engine.live(.minutes(1), inputs).answers
    #expect(answers.contains { $0.passes } && answers.contains { !$0.passes })
    let bytes = BatchRecord(answers: answers).encoded().count
    #expect(bytes < 24 * answers.count, "\(bytes) bytes for \(answers.count)")
  }
}
