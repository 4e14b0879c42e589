import AttuneModel
import Learning
import Materials

/// What the one rule decided.
struct Answer {
  /// Of the copy; nil to say nothing.
  var place: Int?
  var isQuiet = false
  /// In words, for the trace.
  var reason: String
  var check: Trace.Check
}

extension ScoredCopies {
  /// Expected value less prices, annoyance and weariness: the best copy, loud or quiet, or nothing at all.
  func answer(
    _ slice: Slices.Slice, _ learned: LearnedChoice, _ settings: ChoiceSettings, mayHold: Bool
  ) -> Answer {
    var generator = SeededGenerator(seed: seed.value())
    let costs = scores.indices.map { learned.price(of: $0) + annoyances[$0] + weariness[$0] }
    if slice == .random { return atRandom(costs, &generator) }
    // Before it is known how long clicks take, beliefs may be off by a common factor, and prices with them: they say
    // which copy, and keep nobody from a message, nor send it quietly.
    let isKnown = learned.delays.isKnown
    let quiet = (isKnown ? settings.quiet : nil).map { quiet in
      CopyUtilities.Alternative(
        value: quiet.value, costs: scores.indices.map { costs[$0] - (1 - quiet.annoyance) * annoyances[$0] })
    }
    let terms = CopyUtilities(costs: costs, eligible: eligible, hold: mayHold && isKnown ? 0 : nil, alternative: quiet)
    let choice = learned.learner.choose(scores, terms, using: &generator)
    var answer = Answer(place: choice.copy, reason: "", check: check(slice, terms, choice.isExploration))
    guard let place = choice.copy ?? nearest(choice, terms) else { return answer }
    let value = Elementary.sigmoid(choice.draws[place])
    let words = Self.words(value, annoyances[place], learned.price(of: place))
    let loud = value - costs[place]
    let calm = quiet.map { $0.value * value - $0.costs[place] } ?? -.infinity
    if choice.copy == nil {
      answer.check.passed = false
      answer.check.reason = "not worth it: " + words
    } else if choice.isExploration {
      answer.reason = "explores: " + words
    } else if calm > loud {
      answer.isQuiet = true
      answer.reason = "quiet: " + words
    } else {
      answer.reason = (loud < 0 ? "promised: " : "learned: ") + words
    }
    return answer
  }

  /// What came nearest to being sent.
  private func nearest(_ choice: Choice, _ terms: CopyUtilities) -> Int? {
    scores.indices.filter { eligible[$0] && !choice.draws[$0].isNaN }.max { a, b in
      terms.utility(a, logOdds: choice.draws[a]) < terms.utility(b, logOdds: choice.draws[b])
    }
  }

  private func atRandom(_ costs: [Double], _ generator: inout SeededGenerator) -> Answer {
    let places = eligible.indices.filter { eligible[$0] }
    let drawn = places[min(places.count - 1, Int(generator.fraction() * Double(places.count)))]
    return Answer(
      place: drawn, reason: "drawn at random, 1 of \(places.count)",
      check: check(.random, CopyUtilities(costs: costs), false))
  }

  /// Copies whose scores a trace tells of.
  private static let detailed = 32

  /// Everything that propensities are computed from, for the trace.
  private func check(_ slice: Slices.Slice, _ terms: CopyUtilities, _ isExploration: Bool) -> Trace.Check {
    var details = [Property("slice", .string(slice.rawValue))]
    if scores.count <= Self.detailed {
      details.append(Property("means", .list(scores.map { .number($0.mean) })))
      details.append(Property("variances", .list(scores.map { .number($0.variance) })))
      details.append(Property("costs", .list(terms.costs.map { .number($0) })))
      if let quiet = terms.alternative {
        details.append(Property("quietValue", .number(quiet.value)))
        details.append(Property("quietCosts", .list(quiet.costs.map { .number($0) })))
      }
      details.append(Property("eligible", .list(eligible.map { .bool($0) })))
    }
    if slice != .random, terms.hold == nil { details.append(Property("mayHold", .bool(false))) }
    if isExploration { details.append(Property("explores", .bool(true))) }
    return Trace.Check(.choice, passed: true, details: details)
  }

  private static func words(_ value: Double, _ annoyance: Double, _ price: Double) -> String {
    "a click in \(percent(value)), annoyance \(percent(annoyance)), price \(percent(LearnedChoice.told(price)))"
  }

  private static func percent(_ share: Double) -> String {
    "\(Value.number((share * 10_000).rounded() / 100))%"
  }
}

extension ScoredCopies {
  /// The copy that suits the user best, and what sending it is worth; nil where none can be sent.
  func best(_ learned: LearnedChoice) -> (place: Int, worth: Double)? {
    let worths = scores.indices.map { scores[$0].probability - annoyances[$0] - weariness[$0] }
    let places = scores.indices.filter { eligible[$0] }
    guard let place = places.max(by: { worths[$0] - learned.price(of: $0) < worths[$1] - learned.price(of: $1) }) else {
      return nil
    }
    // What a minimum would have paid is no click.
    return (place, max(0, worths[place] - max(0, learned.price(of: place))))
  }
}
