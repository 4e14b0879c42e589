import Learning

/// What headline tests have in common, by empirical Bayes: how tests differ from each other, and headlines within one;
/// variances of log odds, without what counting clicks adds to them.
struct HeadlinePrior {
  private var rate = 0.01
  private var betweenTests = 0.5
  private var betweenHeadlines = 0.05

  init(of tests: [Upworthy.Test]) {
    var levels = Moments()
    var (spread, degrees) = (0.0, 0.0)
    for test in tests where test.clicks > 0 {
      levels.add(Self.logOdds(test.clicks, of: test.impressions))
      let count = Double(test.headlines.count)
      var within = Moments()
      var noise = 0.0
      for headline in test.headlines where headline.impressions > 0 {
        within.add(Self.logOdds(headline.clicks, of: headline.impressions))
        // Of log odds, at the test's own rate.
        let clicks = Double(headline.impressions) * Double(test.clicks) / Double(test.impressions)
        noise += 1 / max(clicks, 0.5)
      }
      spread += within.squares - noise * (count - 1) / count
      degrees += count - 1
    }
    guard levels.count > 1, degrees > 0 else { return }
    rate = Elementary.sigmoid(levels.mean)
    betweenTests = levels.variance
    betweenHeadlines = max(spread / degrees, 0.001)
  }

  func applied(to configuration: LearnerConfiguration) -> LearnerConfiguration {
    var configuration = configuration
    configuration.prior.rate = rate
    configuration.prior.sharedBias = betweenTests
    configuration.prior.ownBias = betweenHeadlines
    return configuration
  }

  /// Half a click and half a miss more than were counted, so that none is still a number.
  private static func logOdds(_ clicks: Int, of impressions: Int) -> Double {
    Elementary.log((Double(clicks) + 0.5) / (Double(impressions - clicks) + 0.5))
  }
}
