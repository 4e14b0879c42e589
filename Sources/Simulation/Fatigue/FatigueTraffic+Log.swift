public import AttuneModel
import Reach
public import Runtime

extension FatigueTraffic {
  /// The candidates of a recorded log: a replay in memory through rules, filters and materials of a configuration, and
  /// of it whatever came as far as fatigue, at the instant it did. Neither depends on what fatigue answers.
  ///
  /// Users are in the policy's zone. `Diagnostics` are thrown where the configuration has errors, `FileReadError`
  /// where the log cannot be read.
  ///
  /// - Parameter events: NDJSON, plain or gzip.
  public init(
    events: String, configuration source: ConfigurationSource, progress: @escaping (Replay.Progress) -> Void = { _ in }
  ) throws {
    var diagnostics = Diagnostics()
    guard let configuration = CompiledConfiguration(source, at: Instant(milliseconds: 0), &diagnostics) else {
      throw diagnostics
    }
    var candidates: [Candidate] = []
    var replay = try Replay(
      Replay.Source(configuration: source, events: events), store: nil,
      observe: { effects in
        for trace in effects.traces where trace.checks.contains(where: { $0.obstacle.dimension != nil }) {
          candidates.append(Candidate(at: trace.at, user: trace.user, business: trace.business))
        }
      }, progress: progress)
    _ = try replay.run()
    self.init(name: "log", candidates: candidates, policy: configuration.fatigue)
  }
}
