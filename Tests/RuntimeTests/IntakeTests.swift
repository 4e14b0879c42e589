import AttuneModel
import Reach
import Testing

@testable import Runtime

/// Who comes next, as a value.
@Suite struct IntakeTests {
  private func submission(_ input: Input, _ count: Int) async -> Submission {
    await withUnsafeContinuation { made in
      Task {
        _ = try? await withCheckedThrowingContinuation { done in
          made.resume(returning: Submission(inputs: Array(repeating: input, count: count), done: done))
        }
      }
    }
  }

  private static let inputs: [(Input, InputClass)] = [
    (
      .settlement(Settlement(message: CandidateID(partition: 0, number: 1), outcome: .accepted)),
      .settlements
    ),
    (.campaign(.pause("sale")), .control), (.erase(user: "u"), .control),
    (.reserve(Reservation(id: "r", user: "u", business: "b")), .reservations),
    (.settleReservation(ReservationSettlement(id: "r", user: "u", settlement: .commit)), .receipts),
    (Workshop.buy("u", "x", after: .zero), .events),
  ]

  @Test func theLeastUrgentInputDecides() async {
    for (input, expected) in Self.inputs {
      let one = await submission(input, 1)
      #expect(one.class == expected, "\(input)")
      one.done.resume(throwing: DriverError.stopped)
    }
  }

  /// However many events wait: the others get into the very next batch.
  @Test func eventsKeepNobodyOut() async throws {
    var intake = Intake(limit: 1000)
    var all: [Submission] = []
    for number in 0... {
      let events = await submission(Self.inputs[5].0, 90)
      all.append(events)
      guard case .failure = intake.add(events) else { continue }
      #expect(number == 11, "the room of a class is its own limit")
      break
    }
    for (input, _) in Self.inputs.dropLast() {
      let one = await submission(input, 1)
      all.append(one)
      _ = try intake.add(one).get()
    }
    let batch = intake.take(100, part: 20)
    #expect(Set(batch.map(\.class)) == [.settlements, .control, .reservations, .receipts, .events])
    #expect(batch.map(\.class) == batch.map(\.class).sorted())
    #expect(batch.count == Self.inputs.count, "what the others leave goes to the events")
    for one in all { one.done.resume(throwing: DriverError.stopped) }
  }

  /// Small requests beside large ones: a batch that is full of events has room for many of the others.
  @Test func eventsLeaveRoom() async throws {
    var intake = Intake(limit: 10_000)
    let events = await submission(Self.inputs[5].0, 1000)
    _ = try intake.add(events).get()
    var all = [events]
    for _ in 0..<30 {
      let one = await submission(Self.inputs[3].0, 1)
      all.append(one)
      _ = try intake.add(one).get()
    }
    #expect(intake.take(256, part: 800).count == 31)
    for one in all { one.done.resume(throwing: DriverError.stopped) }
  }

  /// Whatever comes and goes: nobody is lost, nobody is served twice, each class in its order, each that waits in the next
  /// batch, and no batch too large but by what each class has first.
  @Test(arguments: 1...20 as ClosedRange<UInt64>) func nobodyIsLost(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    var intake = Intake(limit: 60)
    var waiting: [InputClass: [Int]] = [:]
    var all: [Submission] = []
    for _ in 0..<200 {
      if random.next(upperBound: 3 as UInt64) > 0 {
        let (input, kind) = Self.inputs[Int(random.next(upperBound: UInt64(Self.inputs.count)))]
        let count = 1 + Int(random.next(upperBound: 30 as UInt64))
        let one = await submission(input, count)
        all.append(one)
        let held = waiting[kind, default: []].reduce(0, +)
        let fits = held == 0 || held + count <= 60
        if case .success = intake.add(one) {
          #expect(fits, "seed \(seed)")
          waiting[kind, default: []].append(count)
        } else {
          #expect(!fits, "seed \(seed)")
        }
      } else {
        let batch = intake.take(25, part: 5)
        let total = batch.reduce(0) { $0 + $1.inputs.count }
        let parts = Dictionary(grouping: batch, by: \.class).values.map { $0.map(\.inputs.count) }
        #expect(total <= 25 || parts.allSatisfy { $0.count == 1 || $0.reduce(0, +) <= 5 }, "seed \(seed)")
        #expect(Set(batch.map(\.class)) == Set(waiting.filter { !$1.isEmpty }.keys), "seed \(seed)")
        for one in batch {
          #expect(waiting[one.class]?.first == one.inputs.count, "seed \(seed): out of its order")
          waiting[one.class]?.removeFirst()
        }
        intake.finish()
        #expect(intake.load == waiting.values.joined().reduce(0, +), "seed \(seed)")
      }
    }
    for one in all { one.done.resume(throwing: DriverError.stopped) }
  }
}
