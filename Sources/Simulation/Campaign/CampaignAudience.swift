import AttuneModel
import Learning

/// The people a campaign had the choice to send to, in the order in which it decided, and the town's own truth about
/// them: what is judged by.
struct CampaignAudience: Sendable {
  /// What a person got.
  struct Choice: Hashable, Sendable {
    var copy: Int
    var isQuiet = false
  }

  /// Of each person the chance of a click on each copy; NaN where it cannot be sent to them.
  var chances: [[Double]] = []
  /// What the campaign chose; nil for nothing.
  var choices: [Choice?] = []
  let quotas: Quotas

  init(chances: [[Double]], choices: [Choice?], _ campaign: Promises.Campaign) throws(QuotaError) {
    self.chances = chances
    self.choices = choices
    let channels = campaign.channels.keys.sorted()
    let copies = campaign.copies.indices
    // What is promised of a copy cannot be more than there are people for it; nor all of them, or prices have no end.
    let possible = copies.map { copy in chances.count { $0[copy].isFinite } * 9 / 10 }
    quotas = try Quotas(
      rounds: chances.count, copies: copies.count, maximum: campaign.copies.map(\.maximum),
      minimum: copies.map { min(campaign.copies[$0].minimum, possible[$0]) },
      channels: campaign.copies.map { channels.firstIndex(of: $0.channel) },
      channelMaximum: channels.map { campaign.channels[$0] }, budget: campaign.total)
  }

  /// Of what the campaign chose.
  var clicks: Double {
    zip(chances, choices).reduce(0) { sum, one in
      one.1.map { sum + one.0[$0.copy] * ($0.isQuiet ? Appeal.quiet : 1) } ?? sum
    }
  }

  /// The most that anybody could have had who knew all this; nil where it cannot be told.
  var bound: Double? {
    let bound = HindsightBound(values: chances.flatMap { $0.map(Float.init) }, quotas: quotas).value
    return bound.isFinite ? bound : nil
  }

  /// Every person gets one of their copies at random, as long as quotas last.
  func uniform(_ generator: inout SeededGenerator) -> Double {
    play { _, open in open[generator.index(below: open.count)] }
  }

  /// The first tenth at random; then the copy of the highest rate that can be sent. It hears of its clicks at once.
  func testThenWinner(_ generator: inout SeededGenerator) -> Double {
    let test = (chances.count + 9) / 10
    var sent = Array(repeating: 0, count: quotas.copies)
    var clicks = sent
    return play { person, open in
      if person < test {
        let copy = open[generator.index(below: open.count)]
        sent[copy] += 1
        if generator.chance(chances[person][copy]) { clicks[copy] += 1 }
        return copy
      }
      var best = open[0]
      for copy in open.dropFirst() where clicks[copy] * max(1, sent[best]) > clicks[best] * max(1, sent[copy]) {
        best = copy
      }
      return best
    }
  }

  /// Clicks to expect of a way to choose among the copies that can be sent to a person, under the campaign's quotas.
  private func play(_ choose: (_ person: Int, _ open: [Int]) -> Int) -> Double {
    var allowance = Allowance(quotas)
    var clicks = 0.0
    for person in chances.indices {
      let open = (0..<quotas.copies).filter { allowance.options.copies[$0] && chances[person][$0].isFinite }
      let copy = open.isEmpty ? nil : choose(person, open)
      if allowance.spend(copy), let copy { clicks += chances[person][copy] }
    }
    return clicks
  }
}
