import AttuneModel
import Reach
import Testing

/// The same inputs give the same states and effects, bit for bit: again, on four workers, and after a recovery.
@Suite struct DeterminismTests {
  static let seeds: [UInt64] = Array(1...8)

  /// A run's batches, what followed from each, and the state at the end.
  private struct Run {
    var batches: [Batch] = []
    var effects: [Effects] = []
    var engine = Engine()

    init(seed: UInt64, pace: Batch.Pace, count: Int = 60, learning: Bool = true) throws {
      var random = try RandomInputs(seed: seed, learning: learning)
      var sent: [CandidateID] = []
      batches.append(try RandomInputs.first(pace, learning: learning))
      effects.append(engine.handle(batches[0]))
      for index in 1...count {
        var batch = random.batch(pace, sent: sent)
        if pace == .replay, index == count { batch.inputs.append(.endOfTime) }
        batches.append(batch)
        effects.append(engine.handle(batch))
        sent += effects[index].messages.map(\.id)
      }
    }

    var state: [UInt8] { engine.checkpoint() }
  }

  @Test(arguments: seeds, [Batch.Pace.live, .replay])
  func sameAgain(seed: UInt64, pace: Batch.Pace) throws {
    let a = try Run(seed: seed, pace: pace)
    let b = try Run(seed: seed, pace: pace)
    #expect(a.effects == b.effects, "seed \(seed)")
    #expect(a.state == b.state, "seed \(seed)")
    #expect(a.effects.contains { !$0.messages.isEmpty }, "seed \(seed) sends nothing: the test tests nothing")
    #expect(a.effects.contains { $0.traces.contains { $0.outcome == .refused } }, "seed \(seed)")
    let answers = a.effects.flatMap(\.answers)
    #expect(answers.contains { $0.passes } && answers.contains { !$0.passes }, "seed \(seed)")
    #expect(a.effects.contains { $0.tally.total(.taken) > 0 }, "seed \(seed)")
    let across = ["price-cut", "popular", "unsold", "chatted", "won"].filter { rule in
      a.effects.contains { $0.traces.contains { $0.origin.rule == rule } }
    }
    #expect(seed % 2 == 1 || a.effects.contains { $0.tally.total(.retracted) > 0 }, "seed \(seed) takes nothing back")
    let learned = a.effects.flatMap(\.traces).count { $0.business == "autumn" || $0.business == "learner" }
    #expect(learned > 0 && a.effects.contains { $0.learned > 0 }, "seed \(seed): nothing was learned")
    #expect(across.count >= 2, "seed \(seed): of the rules across users only \(across)")
  }

  @Test(arguments: seeds[..<4], [1, 4, 7])
  func sameOnAnyNumberOfWorkers(seed: UInt64, workers: Int) async throws {
    let pace: Batch.Pace = seed % 2 == 0 ? .live : .replay
    let run = try Run(seed: seed, pace: pace)
    var engine = Engine()
    for (index, batch) in run.batches.enumerated() {
      let effects = await engine.handle(batch, workers: workers)
      #expect(effects == run.effects[index], "seed \(seed), batch \(index)")
    }
    #expect(engine.checkpoint() == run.state, "seed \(seed)")
  }

  /// Recovery: a checkpoint at one point, then batches applied with their recorded decisions, then deciding goes on.
  @Test(arguments: seeds, [Batch.Pace.live, .replay])
  func sameAfterRecovery(seed: UInt64, pace: Batch.Pace) throws {
    let run = try Run(seed: seed, pace: pace)
    var random = SeededGenerator(seed: seed &* 77)
    let checkpoint = Int(random.next() % UInt64(run.batches.count))
    let crash = checkpoint + Int(random.next() % UInt64(run.batches.count - checkpoint))
    var engine = Engine()
    for batch in run.batches[..<checkpoint] { _ = engine.handle(batch) }
    engine = try Engine(checkpoint: engine.checkpoint())
    for index in checkpoint..<crash {
      let batch = try Batch(decoding: run.batches[index].encoded())
      engine.apply(batch, record: try BatchRecord(decoding: run.effects[index].record.encoded()))
    }
    for index in crash..<run.batches.count {
      #expect(
        engine.handle(run.batches[index]) == run.effects[index], "seed \(seed), \(checkpoint), \(crash), \(index)")
    }
    #expect(engine.checkpoint() == run.state, "seed \(seed), checkpoint \(checkpoint), crash \(crash)")
  }

  /// Ticks that changed nothing anyone can see are not journaled: an engine that was recovered never had them.
  @Test(arguments: seeds) func idleTicksAreOfNoConsequence(seed: UInt64) throws {
    let batches = try Run(seed: seed, pace: .live).batches
    var random = SeededGenerator(seed: seed &* 55)
    var ticking = Engine()
    var recovered = Engine()
    for (index, batch) in batches.enumerated() {
      for _ in 0..<3 {
        let clock = max(ticking.clock, batch.clock - .seconds(Int64(random.next() % 1200)))
        let tick = Batch(pace: .live, clock: clock, inputs: [])
        let effects = ticking.handle(tick)
        if effects != Effects() { #expect(recovered.handle(tick) == effects, "seed \(seed), before \(index)") }
      }
      var batch = batch
      batch.clock = max(batch.clock, ticking.clock)
      #expect(recovered.handle(batch) == ticking.handle(batch), "seed \(seed), batch \(index)")
    }
  }

  /// In event time nothing depends on how the inputs are cut into batches, but what learns from one for the next.
  @Test(arguments: seeds)
  func replayIsTheSameInAnyBatches(seed: UInt64) throws {
    let run = try Run(seed: seed, pace: .replay, learning: false)
    let inputs = run.batches.flatMap(\.inputs)
    var random = SeededGenerator(seed: seed &* 99)
    var engine = Engine()
    var traces: Set<Trace> = []
    var answers: [ReservationAnswer] = []
    var position = 0
    while position < inputs.count {
      let end = min(inputs.count, position + 1 + Int(random.next() % 100))
      let batch = Batch(pace: .replay, clock: .distantPast, inputs: Array(inputs[position..<end]))
      let effects = engine.handle(batch)
      traces.formUnion(effects.traces)
      answers += effects.answers
      position = end
    }
    #expect(traces == Set(run.effects.flatMap(\.traces)), "seed \(seed)")
    #expect(answers == run.effects.flatMap(\.answers), "seed \(seed)")
    #expect(engine.pending == run.engine.pending, "seed \(seed)")
  }

  /// A build that would decide otherwise still gets the reaches that happened.
  @Test func recoveryKeepsWhatOtherRulesDecided() throws {
    var engine = try Fixture.engine()
    let effects = engine.live(.minutes(1), [Fixture.event("buy", after: .seconds(30))])
    let message = try #require(effects.messages.first)
    var other = try Fixture.engine(changing: [
      "rules/bought.yaml": "rule: bought\npattern: [{ on: nothing, as: n }]\nwithin: 1h\nemit: { item: n.item }"
    ])
    other.apply(
      Batch(
        pace: .live, clock: Fixture.start + .minutes(1), inputs: [Fixture.event("buy", after: .seconds(30))]),
      record: effects.record)
    #expect(other.unsettled == [message.id])
  }

  @Test func damagedCheckpointsAreRefused() throws {
    var engine = try Fixture.engine()
    _ = engine.live(.minutes(1), [Fixture.event("view", after: .seconds(30))])
    let bytes = engine.checkpoint()
    var future = bytes
    future[0] = 99
    #expect(throws: CheckpointError.self) { try Engine(checkpoint: future) }
    for cut in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 50)) {
      #expect(throws: CheckpointError.self, "cut at \(cut)") { try Engine(checkpoint: Array(bytes[..<cut])) }
    }
  }
}
