import Foundation
import Learning
import TestSupport
import Testing

@testable import Simulation

/// Public data, where it lies beside the repository; without it these tests do not run.
@Suite(.enabled(if: RealData.isThere)) struct RealDataTests {
  @Test func openBanditGivesThePublishedFigures() throws {
    let data = try OpenBandit(folder: RealData.path("open-bandit"))
    let estimator = try data.evaluate(seed: 1)
    let estimates = try estimator.estimates()
    #expect(data.impressions.count == 10_000)
    #expect(abs(estimates.ips.estimate - 0.004553) < 5e-7)
    #expect(abs(estimates.snips.estimate - 0.004776) < 5e-7)
    #expect(abs(estimator.overlap.effectiveSampleSize - 1_640) < 1)
    for interval in [estimates.ips, estimates.snips, estimates.dr] {
      #expect(interval.contains(data.thompsonLog.mean), "what the policy earned itself: \(interval)")
    }
    #expect(!estimates.gain.isSignificant && estimator.overlap.suspiciousMeanWeight == nil)
  }

  @Test func hillstromsMailsWorkAndChoosingAmongThemGainsNothing() throws {
    let data = try Hillstrom(path: RealData.path("hillstrom/hillstrom.csv.gz"))
    let (mens, womens) = (data.effect(of: .mens), data.effect(of: .womens))
    #expect(abs(mens.estimate - 0.0766) < 5e-5 && mens.low > 0.06)
    #expect(abs(womens.estimate - 0.0452) < 5e-5 && womens.low > 0.03)
    // A tenth of the customers: the learning is slow without optimisation.
    let some = Hillstrom(customers: data.customers.enumerated().filter { $0.offset % 10 == 0 }.map(\.element))
    let personalised = try some.personalise(seeds: [1])
    #expect(!personalised.gain.isSignificant, "\(personalised)")
    #expect(abs(personalised.shares.reduce(0, +) - 1) < 1e-9 && personalised.shares[1] > 0.3)
  }

  /// A few tests in coarse waves.
  @Test func headlinesAreChosenBetterThanByTestThenWinner() throws {
    let data = try Upworthy(path: RealData.path("upworthy/headline_tests.csv.gz"))
    #expect(data.tests.count == 910 && data.tests.reduce(0) { $0 + $1.headlines.count } == 4_146)
    let share = HeadlineReplay(data).share(of: .testThenWinner(share: 0.2), waves: 1, seed: 1)
    #expect(abs(share - 0.55) < 0.03, "\(share)")
    let some = HeadlineReplay(Upworthy(tests: Array(data.tests.prefix(40))))
    let (ours, theirs) = (
      some.share(of: .learner, waves: 12, seed: 1), some.share(of: .testThenWinner(share: 0.2), waves: 1, seed: 1)
    )
    #expect(ours > 0.5 && ours <= 1, "\(ours), test then winner \(theirs)")
    #expect(some.share(of: .learner, waves: 12, seed: 1) == ours, "the same seed, the same figure")
  }
}

/// The replay itself, on headlines made up.
@Suite struct HeadlineReplayTests {
  private func data(_ rates: [[Double]]) -> Upworthy {
    Upworthy(
      tests: rates.enumerated().map { index, rates in
        Upworthy.Test(
          id: "\(index)", headlines: rates.map { Upworthy.Headline(impressions: 1_000, clicks: Int($0 * 1_000)) })
      })
  }

  @Test func clearWinnersAreFound() {
    let clear = HeadlineReplay(data([[Double]](repeating: [0.02, 0.3, 0.05], count: 5)))
    #expect(clear.share(of: .learner, waves: 30, seed: 1) > 0.8)
    let half = clear.share(of: .testThenWinner(share: 0.5), waves: 1, seed: 1)
    #expect(abs(half - 0.5) < 0.01, "half of the impressions go to the best, the others to all alike: \(half)")
  }

  @Test func whereNothingIsPossibleNothingIsGained() {
    #expect(HeadlineReplay(data([[0.1, 0.1], [0.2, 0.2]])).share(of: .learner, waves: 5, seed: 1) == 0)
    #expect(HeadlineReplay(Upworthy(tests: [])).share(of: .learner, waves: 5, seed: 1) == 0)
    let odd = Upworthy(tests: [
      Upworthy.Test(id: "a", headlines: []),
      Upworthy.Test(id: "b", headlines: [.init(impressions: 5, clicks: 5), .init(impressions: 0, clicks: 0)]),
    ])
    for policy in [HeadlineReplay.Policy.learner, .testThenWinner(share: .nan), .testThenWinner(share: 0)] {
      let share = HeadlineReplay(odd).share(of: policy, waves: 3, seed: 1)
      #expect(share >= -1 && share <= 1)
    }
    #expect(HeadlineReplay(odd).share(of: .learner, waves: 0, seed: 1).isFinite)
  }
}

private enum RealData {
  private static let folder = Repository.root.appending(path: "../shared/data").standardized

  static let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "upworthy").path)

  static func path(_ name: String) -> String { folder.appending(path: name).path }
}
