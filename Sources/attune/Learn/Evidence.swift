import Learning
import Simulation

/// What public data says of our estimates and of our learner.
struct Evidence {
  var seeds: [UInt64]
  var openBandit: Bandit?
  var mails: Mails?
  var headlines: Headlines?

  var isEmpty: Bool { openBandit == nil && mails == nil && headlines == nil }

  /// Open Bandit: a policy judged by another's log.
  struct Bandit {
    var overlap: Overlap
    var estimates: OffPolicyEstimates
    /// What the judged policy earned itself.
    var ownLog: Interval

    init(_ data: OpenBandit, seed: UInt64) throws {
      let estimator = try data.evaluate(seed: seed)
      overlap = estimator.overlap
      estimates = try estimator.estimates()
      ownLog = ConfidenceSequence(expected: data.thompsonLog.count).mean(of: data.thompsonLog)
    }
  }

  /// Hillstrom: what mails do, and what choosing them for each customer adds.
  struct Mails {
    var customers: Int
    var mens: Interval
    var womens: Interval
    var personalised: Hillstrom.Personalisation

    init(_ data: Hillstrom, seeds: [UInt64]) throws {
      customers = data.customers.count
      mens = data.effect(of: .mens)
      womens = data.effect(of: .womens)
      personalised = try data.personalise(seeds: seeds)
    }
  }

  /// Upworthy: shares of the possible lift over all headlines alike.
  struct Headlines {
    var tests: Int
    var headlines: Int
    var impressions: Int
    /// By the learner, of impressions in so many waves.
    var learner: [(waves: Int, shares: Moments)] = []
    /// With so much of the impressions for the test.
    var testThenWinner: [(share: Double, shares: Moments)] = []

    /// - Parameter progress: Told after each replay, from 0 to 1.
    init(_ data: Upworthy, seeds: [UInt64], progress: (Double) -> Void) async throws {
      tests = data.tests.count
      headlines = data.tests.reduce(0) { $0 + $1.headlines.count }
      impressions = data.tests.reduce(0) { $0 + $1.impressions }
      let replay = HeadlineReplay(data)
      for (done, waves) in [100, 10].enumerated() {
        let shares = await Self.shares(
          seeds, progress: { progress((Double(done) + $0) / 2) },
          of: { replay.share(of: .learner, waves: waves, seed: $0) })
        learner.append((waves, shares))
      }
      for share in [0.1, 0.2, 0.3, 0.5] {
        let shares = seeds.map { replay.share(of: .testThenWinner(share: share), waves: 1, seed: $0) }
        testThenWinner.append((share, shares.reduce(into: Moments()) { $0.add($1) }))
      }
    }

    /// Side by side, added in the order of the seeds.
    private static func shares(
      _ seeds: [UInt64], progress: (Double) -> Void, of replay: @escaping @Sendable (UInt64) -> Double
    ) async -> Moments {
      await withTaskGroup(of: (Int, Double).self) { group in
        for (index, seed) in seeds.enumerated() { group.addTask { (index, replay(seed)) } }
        var shares = [Double](repeating: 0, count: seeds.count)
        var done = 0
        for await (index, share) in group {
          shares[index] = share
          done += 1
          progress(Double(done) / Double(seeds.count))
        }
        return shares.reduce(into: Moments()) { $0.add($1) }
      }
    }
  }
}
