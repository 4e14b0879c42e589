import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Foundation
import Insight
import Learning
import Runtime

struct LearnRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "A learner for programs in any language: questions and rewards in, arms out, as NDJSON.",
    discussion: """
      Standard input, one of these a line, in any order:
        {"id", "x": [numbers]}  or  {"id", "features": {NAME: VALUE...}}     choose an arm
        {"id", "p": [click probability of each arm]}     choose by these: allocation alone, nothing is learned
        {"id", "reward": 0 | 1}     at any later time; a decision without one teaches nothing
      Standard output, a line for each that asks:
        {"id", "arm": k | null, "propensity", "prices": [of each arm]}     null: nothing, it is worth more elsewhere
      A line that cannot be read is answered by {"line", "id"?, "error", "hint"?}, and changes nothing. Rewards \
      are answered only if they are wrong: an id that is unknown or forgotten, that had its reward already, or for \
      which nothing was sent.
      Quotas, a file of JSON or YAML: {"rounds": T, "arms": K, "max"?: [..], "min"?: [..], "budget"?: B, \
      "channels"?: [place of each arm's channel], "channelMax"?: [..]}; null in a list: none. They are never exceeded. \
      With quotas the exploration floor is 0 unless --floor sets another: a unit sent at random is one that somebody else \
      would have clicked.
      At the end {"summary": {...}}: "bound" is the most that anybody could have got under these quotas, knowing all \
      rounds beforehand, "value" what the choices are worth, both counted in "boundFrom": "p", or "beliefs", the \
      learner's when it decided.
      """)

  @Option(help: "Arms, places from 0 (default: as the quotas or the first p have it).") var arms: Int?
  @Option(help: "A file of quotas.") var quotas: String?
  @Option(help: "Seed.") var seed: UInt64 = 1
  @Option(help: "The model.") var model = ModelKind.hybrid
  @Option(help: "Share of choices at random (default: 0.03; with quotas 0).") var floor: Double?
  @Option(help: "Decisions that can wait for a reward; older ones are forgotten.") var pending = 1_000_000

  func validate() throws {
    if let arms, arms < 1 || arms > Quotas.mostCopies {
      throw ValidationError("--arms is from 1 to \(Quotas.mostCopies)")
    }
    if let floor, !(0...1).contains(floor) { throw ValidationError("--floor is from 0 to 1") }
    if pending < 1 || pending > 100_000_000 { throw ValidationError("--pending is from 1 to 100000000") }
    if arms == nil, quotas == nil { throw ValidationError("say how many arms there are: --arms N or --quotas FILE") }
  }

  func run() throws {
    let limits = try quotas.map { try Quotas(file: $0) }
    if let arms, let limits, arms != limits.copies {
      throw Failure.data("--arms \(arms), and the quotas are of \(limits.copies) (hint: leave --arms out)")
    }
    var configuration = LearnerConfiguration(kind: model)
    if let floor = floor ?? limits.map({ _ in 0 }) { configuration.floor = floor }
    var dialogue = LearnerDialogue(
      arms: limits?.copies ?? arms ?? 1, limits, configuration, seed: seed, pending: pending)
    var file = try LineFile(path: "/dev/stdin")
    var lines = JSONWriter()
    while let line = try file.next() {
      dialogue.answer(line.number, line.content, into: &lines)
      // Whoever waits for the answer sends nothing before it.
      if !file.hasLine || lines.bytes.count > 1 << 16 {
        Terminal.out(bytes: lines.bytes)
        lines = JSONWriter()
      }
    }
    dialogue.summarise(into: &lines)
    Terminal.out(bytes: lines.bytes)
  }
}
