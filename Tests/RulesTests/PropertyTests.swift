import AttuneModel
import Foundation
import Testing

@testable import Rules

/// Random patterns on random small streams: the matcher against the reference, and the reference against itself.
///
/// `ATTUNE_RULE_TRIALS=1000000` for the long run, `ATTUNE_RULE_SEED` to begin elsewhere, or to replay a failure with one
/// trial.
@Suite struct PropertyTests {
  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap(Int.init) }
  private static let parts = 4
  private static let trials = number("ATTUNE_RULE_TRIALS") ?? 1600
  private static let seeds: [Range<Int>] = {
    let first = number("ATTUNE_RULE_SEED") ?? 0
    let size = (trials + parts - 1) / parts
    return (0..<parts).map { first + $0 * size..<first + min(($0 + 1) * size, trials) }.filter { !$0.isEmpty }
  }()

  /// Tells a failure so that it can be replayed, and the smallest one that it leads to.
  private func explain(
    _ seed: Int, _ sketch: Sketch, _ story: Story, _ differs: (Story) -> (told: [String], expected: [String])?
  ) -> Comment {
    let story = story.shrunk { differs($0) != nil }
    let (told, expected) = differs(story) ?? ([], [])
    let lines = ["seed \(seed)", sketch.text, story.text, "told:"] + told + ["expected:"] + expected
    return "\(lines.joined(separator: "\n"))"
  }

  // MARK: The reference against itself

  /// The runs, event by event, against all lawful chains, looking back.
  @Test(arguments: seeds) func runsAgreeWithChains(_ seeds: Range<Int>) {
    var found = 0
    for seed in seeds {
      var generator = SeededGenerator(seed: UInt64(seed))
      let sketch = Sketch.random(&generator)
      let story = Story.random(inOrder: true, &generator)
      func differs(_ story: Story) -> (told: [String], expected: [String])? {
        // Chains tell the order within each key only.
        let told = Dictionary(grouping: told(sketch, story), by: \.key).sorted { "\($0.key)" < "\($1.key)" }
          .flatMap(\.value).map { "\($0.key) \($0.at) \($0.events)" }
        let expected = chained(sketch, story)
        found += expected.count
        return told != expected ? (told, expected) : nil
      }
      guard differs(story) == nil else {
        Issue.record(explain(seed, sketch, story, differs))
        return
      }
    }
    // Trials that find nothing would also agree.
    #expect(found > seeds.count / 4, "\(found) matches")
  }

  /// The same with late events, which the runs look for what they break, and chains for what they prevent.
  @Test(arguments: seeds) func runsAgreeWithChainsOfLateEvents(_ seeds: Range<Int>) {
    var found = 0
    for seed in seeds {
      var generator = SeededGenerator(seed: UInt64(seed) ^ 0x1A7E)
      var sketch = Sketch.random(&generator)
      sketch.skip = .none
      sketch.restart = false
      let story = Story.random(inOrder: false, &generator)
      func differs(_ story: Story) -> (told: [String], expected: [String])? {
        let told = told(sketch, story).filter { $0.kind != .late }
          .map { "\($0.kind) \($0.key) \($0.at) \($0.events)" }.sorted()
        let expected = chainedLate(sketch, story).sorted()
        found += expected.count
        return told != expected ? (told, expected) : nil
      }
      guard differs(story) == nil else {
        Issue.record(explain(seed, sketch, story, differs))
        return
      }
    }
    #expect(found > seeds.count / 4, "\(found) matches")
  }

  private func told(_ sketch: Sketch, _ story: Story) -> [Told] {
    var world = World(sketch, lateness: story.lateness, retraction: story.retraction, floors: Story.floors)
    for action in story.actions { world.perform(action) }
    world.advance(to: .max)
    return world.told
  }

  private func chained(_ sketch: Sketch, _ story: Story) -> [String] {
    chains(sketch, story.entries.inTime).flatMap { key, chains in
      chains.matches().map { "\(key) \($0.at) \(World.events(of: $0.found.chain))" }
    }
  }

  private func chainedLate(_ sketch: Sketch, _ story: Story) -> [String] {
    let (inTime, late) = story.entries
    return chains(sketch, inTime).flatMap { key, chains in
      let late = late.filter { World.reaches(World.values(of: $0.entry.event, sketch.key), key) }
      return chains.fates(late, retraction: story.retraction).flatMap { match, fate in
        (fate == .retracted ? ["match", "retracted"] : ["match"]).map {
          "\($0) \(key) \(match.at) \(World.events(of: match.found.chain))"
        }
      }
    }
  }

  /// By key, in order.
  private func chains(_ sketch: Sketch, _ entries: [Entry]) -> [(key: [String], chains: Chains)] {
    let values = entries.map { World.values(of: $0.event, sketch.key) }
    let whole = Set(values.filter { !$0.contains(nil) }.map { $0.compactMap { $0 } })
    return whole.sorted { $0.lexicographicallyPrecedes($1) }.map { key in
      let places = entries.indices.filter { World.reaches(values[$0], key) }
      let chains = Chains(
        judge: World(sketch, floors: Story.floors).judge(of: key), entries: places.map { entries[$0] },
        isWhole: places.map { !values[$0].contains(nil) })
      return (key, chains)
    }
  }

  // MARK: The matcher against the reference

  @Test(arguments: seeds) func streamAgreesWithTheReference(_ seeds: Range<Int>) {
    var tally = Tally()
    for seed in seeds {
      var generator = SeededGenerator(seed: UInt64(seed))
      let sketch = Sketch.random(&generator)
      let story = Story.random(inOrder: generator.chance(30), &generator)
      guard let rules = RuleSet.reading(sketch.text) else {
        tally.refused += 1
        continue
      }
      func differs(_ story: Story) -> (told: [String], expected: [String])? {
        let told = Replay.told(rules, story).map(\.description)
        let expected = self.told(sketch, story).map(\.description)
        return told != expected ? (told, expected) : nil
      }
      tally.add(told(sketch, story))
      guard differs(story) == nil else {
        Issue.record(explain(seed, sketch, story, differs))
        return
      }
    }
    tally.check(of: seeds.count)
  }

  /// Of several rules in one set each answers as it does alone.
  @Test(arguments: seeds) func rulesDoNotDisturbEachOther(_ seeds: Range<Int>) {
    for seed in seeds.prefix(seeds.count / 4 + 1) {
      var generator = SeededGenerator(seed: UInt64(seed) ^ 0x5E75)
      let sketches = (0..<generator.number(2...4)).map { _ in Sketch.random(&generator) }
      let texts = sketches.enumerated().map { $1.text(named: "r\($0)") }
      guard let rules = RuleSet.reading(texts) else { continue }
      let story = Story.random(inOrder: generator.chance(30), &generator)
      for (number, sketch) in sketches.enumerated() {
        func differs(_ story: Story) -> (told: [String], expected: [String])? {
          let told = Replay.told(of: "r\(number)", rules, story).map(\.description)
          let expected = self.told(sketch, story).map(\.description)
          return told != expected ? (told, expected) : nil
        }
        guard differs(story) == nil else {
          Issue.record("rule \(number) of\n\(texts.joined(separator: "\n"))")
          Issue.record(explain(seed, sketch, story, differs))
          return
        }
      }
    }
  }

  /// A matcher that is written down and read again at any time goes on as if nothing had happened.
  @Test(arguments: seeds) func checkpointsChangeNothing(_ seeds: Range<Int>) throws {
    for seed in seeds.prefix(seeds.count / 3 + 1) {
      var generator = SeededGenerator(seed: UInt64(seed))
      let sketch = Sketch.random(&generator)
      var story = Story.random(inOrder: generator.chance(30), &generator)
      story.retraction = 3_600_000
      guard let rules = RuleSet.reading(sketch.text) else { continue }
      let expected = Replay.told(rules, story, limits: .standard)
      let told = try Replay.toldWithCheckpoints(rules, story, &generator)
      guard told != expected else { continue }
      let lines = ["seed \(seed)", sketch.text, story.text, "told:"] + (told ?? []).map(\.description)
      Issue.record("\((lines + ["expected:"] + expected.map(\.description)).joined(separator: "\n"))")
      return
    }
  }

  /// What the trials were about.
  private struct Tally {
    var refused = 0
    var matches = 0
    var retracted = 0
    var late = 0

    mutating func add(_ told: [Told]) {
      matches += told.count { $0.kind == .match }
      retracted += told.count { $0.kind == .retracted }
      late += told.count { $0.kind == .late }
    }

    func check(of count: Int) {
      guard count >= 500 else { return }
      #expect(refused <= count / 10 && matches > count / 4 && late > count / 2, "\(self)")
      #expect(count < 5000 || retracted > count / 1000, "\(self)")
    }
  }
}

extension RuleSet {
  /// Nil when something in it is refused.
  static func reading(_ text: String) -> RuleSet? { reading([text]) }

  static func reading(_ texts: [String]) -> RuleSet? {
    var diagnostics = Diagnostics()
    let rules = RuleSet(
      reading: texts.map(Flow.node), zone: .utc, replacing: RuleSet(), at: .distantPast, &diagnostics)
    return diagnostics.errors.isEmpty ? rules : nil
  }
}
