import AttuneModel
import Testing

@testable import Learning

@Suite struct DelayedFeedbackTests {
  private typealias Feedback = DelayedFeedback<UInt64>
  private static let window = TimeSpan.hours(24)
  private static let start = Instant(milliseconds: 1_700_000_000_000)

  private func made() -> Feedback { Feedback(delays: ClickDelays(window: Self.window), capacity: 100_000) }
  private let context = Context(dimensions: 1)

  @Test func everyMessageIsSettledOnce() {
    var feedback = made()
    let sent = feedback.send(1, context, copy: 0, at: Self.start, share: 0.5)
    let again = feedback.send(1, context, copy: 0, at: Self.start, share: 0.5)
    #expect(sent && !again)
    #expect(feedback.next(by: Self.start + .minutes(10)) == nil)
    #expect(feedback.next(by: Self.start + .minutes(30)) == .ignored(context, copy: 0))
    #expect(feedback.next(by: Self.start + .hours(20)) == nil)
    #expect(
      feedback.click(1, at: Self.start + .hours(21))
        == .learned([.retracted(context, copy: 0), .clicked(context, copy: 0)]))
    #expect(feedback.click(1, at: Self.start + .hours(21)) == .twice)
    #expect(feedback.click(2, at: Self.start) == .unknown)
    #expect(feedback.next(by: Self.start + .days(9)) == nil && feedback.count == 0)
    #expect(feedback.click(1, at: Self.start + .days(9)) == .unknown)
    let late = feedback.send(3, context, copy: 0, at: Self.start, share: 1)
    #expect(late && feedback.click(3, at: Self.start + .hours(25)) == .afterWindow)
    #expect(feedback.next(by: Self.start + .hours(24)) == .ignored(context, copy: 0) && feedback.count == 0)
  }

  @Test func noMoreWaitThanThereIsRoomFor() {
    var feedback = Feedback(delays: ClickDelays(window: Self.window), capacity: 2)
    let sent = (0..<3 as Range<UInt64>).map { feedback.send($0, context, copy: 0, at: Self.start, share: .nan) }
    #expect(sent == [true, true, false])
    var count = 0
    while feedback.next(by: .distantFuture) != nil { count += 1 }
    #expect(count == 2)
  }

  private enum Way { case drawn, premature, atTheEnd }

  private struct Outcome {
    /// Click rates believed of each copy when the last is sent, after half a window, and when all is over.
    var during: [Double] = []
    var after: [Double] = []
  }

  /// Two copies of the same rate; the clicks of the second take eighteen times as long.
  private func campaign(_ way: Way, rate: Double, seed: UInt64) -> Outcome {
    let means = [Double(TimeSpan.minutes(10).milliseconds), Double(TimeSpan.hours(3).milliseconds)]
    var (feedback, generator, outcome) = (made(), SeededGenerator(seed: seed), Outcome())
    var clicks = DueQueue<UInt64>()
    var learned = [[0.0, 0], [0.0, 0]]
    func take(_ lesson: Feedback.Lesson) {
      switch lesson {
      case .clicked(_, let copy): learned[copy][1] += 1
      case .ignored(_, let copy): learned[copy][0] += 1
      case .retracted(_, let copy): learned[copy][0] -= 1
      }
    }
    func run(to now: Instant) {
      while let (id, due) = clicks.pop(by: now) {
        while let lesson = feedback.next(by: due) { take(lesson) }
        if case .learned(let lessons) = feedback.click(id, at: due) { for lesson in lessons { take(lesson) } }
      }
      while let lesson = feedback.next(by: now) { take(lesson) }
    }
    func rates() -> [Double] { learned.map { $0[1] / max(1, $0[0] + $0[1]) } }
    let count = 16_000
    for index in 0..<UInt64(count) {
      let at = Self.start + TimeSpan(milliseconds: Int64(index) * 12 * 3_600_000 / Int64(count))
      run(to: at)
      let copy = Int(index % 2)
      // The naive ways are this one with all messages given up at once, or all at the end.
      let share = way == .drawn ? generator.fraction() : way == .premature ? 0 : 1
      _ = feedback.send(index, context, copy: copy, at: at, share: share)
      if generator.fraction() < rate {
        let delay = -means[copy] * Elementary.log(1 - generator.fraction())
        clicks.push(index, at: at + TimeSpan(milliseconds: Int64(delay)))
      }
    }
    outcome.during = rates()
    run(to: Self.start + .days(9))
    outcome.after = rates()
    return outcome
  }

  @Test func slowClickersAndFastOnesAreLearnedAlike() {
    let rate = 0.1
    let (drawn, premature, late) = (
      campaign(.drawn, rate: rate, seed: 3), campaign(.premature, rate: rate, seed: 3),
      campaign(.atTheEnd, rate: rate, seed: 3)
    )
    // 8,000 messages a copy: a standard error of .0034.
    for copy in 0...1 {
      #expect(abs(drawn.during[copy] - rate) < 0.012, "\(drawn)")
      #expect(abs(drawn.after[copy] - rate) < 0.012, "\(drawn)")
    }
    #expect(premature.during[1] < premature.during[0] - 0.015, "given up at once, slow copies look worse: \(premature)")
    #expect(late.during[0] > rate * 5, "given up at the end, only clicks have been learned: \(late)")
    for other in [premature, late] {
      for copy in 0...1 { #expect(abs(other.after[copy] - drawn.after[copy]) < 0.012, "\(other)") }
    }
  }

  @Test func aCheckpointGoesOnToTheByte() throws {
    var (feedback, generator) = (made(), SeededGenerator(seed: 4))
    for index in 0..<400 as Range<UInt64> {
      let at = Self.start + .minutes(Int64(index))
      _ = feedback.send(index, context, copy: Int(index % 3), at: at, share: generator.fraction())
      if index % 5 == 0 { _ = feedback.click(index, at: at + .minutes(Int64(index % 50))) }
      _ = feedback.next(by: at)
    }
    let bytes = feedback.encoded()
    var other = try Feedback(decoding: bytes)
    #expect(other.encoded() == bytes && other.count == feedback.count)
    for hour in 0..<40 as Range<Int64> {
      let now = Self.start + .hours(hour)
      var (ours, theirs): ([Feedback.Lesson], [Feedback.Lesson]) = ([], [])
      while let lesson = feedback.next(by: now) { ours.append(lesson) }
      while let lesson = other.next(by: now) { theirs.append(lesson) }
      #expect(ours == theirs)
    }
    #expect(throws: BinaryError.self) { try Feedback(decoding: Array(bytes.dropLast())) }
    var learner = Learner(dimensions: 1, copies: 3)
    for lesson in [Feedback.Lesson.ignored(context, copy: 1), .retracted(context, copy: 1), .clicked(context, copy: 1)]
    {
      learner.learn(lesson)
    }
    #expect(learner.model.observed == 1)
  }
}
