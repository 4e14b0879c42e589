import Foundation
import Insight
import Learning
import Simulation

extension Evidence {
  var text: String {
    [openBandit?.text, mails?.text, headlines?.text].compactMap(\.self).joined(separator: "\n\n\n")
      + "\n\nSeeds \(seeds.map(String.init).joined(separator: ", ")).\(headlines == nil ? "" : " After ± stands one standard error.")"
  }

  /// A figure and its interval, both as differences where `signed`.
  fileprivate static func row(_ name: String, _ interval: Interval, digits: Int, signed: Bool = false) -> [String] {
    [name] + [interval.estimate, interval.low, interval.high].map { $0.decimal(digits, signed: signed) }
  }
}

extension Evidence.Bandit {
  fileprivate var text: String {
    var table = TextTable(["clicks an impression", "estimate", "95% from", "to"])
    table.add(Evidence.row("IPS", estimates.ips, digits: 6))
    table.add(Evidence.row("SNIPS", estimates.snips, digits: 6))
    table.add(Evidence.row("DR", estimates.dr, digits: 6))
    table.add(Evidence.row("the random policy, its log", estimates.baseline, digits: 6))
    table.add(Evidence.row("Thompson's own log, another sample", ownLog, digits: 6))
    return """
      OPEN BANDIT, campaign "all": Thompson sampling, judged by \(overlap.count.grouped) impressions of a random policy

      \(table.text)

      Effective sample size \(Int(overlap.effectiveSampleSize.rounded()).grouped); largest weight \
      \(overlap.maxWeight.decimal(1)), mean weight \(overlap.weights.mean.decimal(4)).
      It says: the log of one policy tells the order of magnitude of what another would have earned; what that one's
      own log earned lies in \(holding) of the 3 intervals.
      It does not say that Thompson sampling is better than chance here: over the log, by DR,
      \(estimates.gain.words(4)), \
      \(estimates.gain.isSignificant ? "significant" : "not significant").
      """
  }

  /// Intervals that hold what the policy's own log earned.
  private var holding: Int { [estimates.ips, estimates.snips, estimates.dr].count { $0.contains(ownLog.estimate) } }
}

extension Evidence.Mails {
  fileprivate var text: String {
    var table = TextTable(["visits a customer", "difference", "95% from", "to"])
    table.add(Evidence.row("men's mail over none (always valid)", mens, digits: 4, signed: true))
    table.add(Evidence.row("women's mail over none (always valid)", womens, digits: 4, signed: true))
    table.add(Evidence.row("a mail chosen for each over men's to all (DR)", personalised.gain, digits: 4, signed: true))
    let shares = personalised.shares.map { $0.percent(0) }
    return """
      HILLSTROM: \(customers.grouped) customers, who got a mail or none at random

      \(table.text)

      The choice: none for \(shares[0]), men's for \(shares[1]), women's for \(shares[2]); worth \
      \(Int(personalised.effectiveSampleSize.rounded()).grouped) customers.
      No customer's own visit helped to choose.
      It says: both mails bring visits, the men's more. Choosing for each customer is
      \(personalised.gain.isSignificant ? "SIGNIFICANTLY different from" : "NOT significantly better than") the men's to all.
      It does not say that choosing never pays: only that these features and 64,000 customers do not show it.
      """
  }
}

extension Evidence.Headlines {
  fileprivate var text: String {
    var table = TextTable(["share of the possible lift over all alike", "mean", "±"])
    for (waves, shares) in learner { table.add(Self.row("our learner, answers after each 1/\(waves)", shares)) }
    for (share, shares) in testThenWinner {
      table.add(Self.row("test \(share.percent(0)), then the winner", shares))
    }
    return """
      UPWORTHY: \(tests.grouped) headline tests, \(headlines.grouped) headlines, \(impressions.grouped) impressions sent \
      again

      \(table.text)

      It says: while sending, the learner earns \(Self.percent(learner.map(\.shares))) of what better headlines could have brought;
      the best split into test and winner \(Self.percent(testThenWinner.map(\.shares))). Its prior comes from other tests than the
      one it is judged on.
      It does not promise this lift for other headlines: a headline's rate is here what was seen of it, luck included,
      for every policy alike.
      """
  }

  /// Of the best line.
  private static func percent(_ lines: [Moments]) -> String {
    (lines.map(\.mean).max() ?? 0).percent(0)
  }

  private static func row(_ name: String, _ shares: Moments) -> [String] {
    [name, shares.mean.decimal(3), shares.varianceOfMean.squareRoot().decimal(3)]
  }
}
