import AttuneModel
import Learning
import Materials

extension Engine {
  /// Businesses and campaigns that a choice report can be had of.
  public var learnedChoices: [String] { choices.keys.sorted() }

  /// Nil for a business without learned choices, or a campaign that was not launched.
  public func choiceReport(of name: String) -> ChoiceReport? {
    guard let learned = choices[name] else { return nil }
    let business = configuration.businesses[name]
    let quotas = configuration.campaigns[name]?.quotas
    let rate = learned.delays.rate(at: clock)
    let copies = learned.copies.enumerated().map { place, figures in
      let material = business?.materials.all.first { $0.id == figures.id }
      let belief = learned.sample.belief(of: place, learned.learner) ?? (mean: 0, range: 0...0)
      return ChoiceReport.Copy(
        figures: figures, title: material?.title.source ?? "",
        belief: rate.map { $0.shown(belief.range) } ?? belief.range, mean: belief.mean,
        price: LearnedChoice.told(learned.price(of: place)), maximum: quotas?.maxima[figures.id],
        minimum: quotas?.minima[figures.id])
    }
    return ChoiceReport(
      copies: copies, quotas: learned.quotas, refusals: learned.outcomes.refusals,
      segments: business?.choice?.segments.isEmpty == false ? learned.outcomes.segments : [])
  }
}

extension Engine {
  /// Nil for a campaign that nobody launched, or handed users in for.
  public func report(ofCampaign name: String) -> CampaignReport? {
    guard let state = campaigns[name] else { return nil }
    return CampaignReport(
      name: name, state: state, choice: choiceReport(of: name) ?? ChoiceReport(),
      lifts: lifts(of: name, state), hindsight: hindsight(name, state), expectedEnd: expectedEnd(of: name))
  }

  private func hindsight(_ name: String, _ state: CampaignState) -> Hindsight? {
    guard state.status.isOver, let learned = choices[name], let quotas = learned.allocator?.quotas else { return nil }
    return Hindsight(sample: learned.sample, learner: learned.learner, quotas: quotas)
  }

  private func lifts(of name: String, _ state: CampaignState) -> [CampaignReport.Lift] {
    guard let learned = choices[name] else { return [] }
    let sequence = ConfidenceSequence(expected: state.audience)
    let seen = state.seen(learned)
    let (clicks, sent) = learned.copies.reduce((0, 0)) { ($0.0 + $1.randomClicks, $0.1 + $1.randomSent) }
    let all = learned.copies.reduce(0) { $0 + $1.clicks }
    let drawn = Moments(successes: clicks, trials: sent)
    let chosen = Moments(successes: all - clicks, trials: state.sent - sent)
    var lifts = [CampaignReport.Lift(of: .choice, interval: sequence.lift(of: chosen, over: drawn))]
    if configuration.campaigns[name]?.goal != nil {
      lifts.append(CampaignReport.Lift(of: .goal, interval: sequence.lift(of: seen.treated, over: seen.held)))
    }
    return lifts
  }

  private func expectedEnd(of name: String) -> Instant? {
    guard let state = campaigns[name], state.status == .running, let campaign = configuration.campaigns[name] else {
      return nil
    }
    let size = max(1, (Double(state.audience) * campaign.waves.share).rounded(.up))
    let waves = (Double(max(0, state.remaining - state.left)) / size).rounded(.up)
    let next = state.lastWave ?? max(time.clock, campaign.window?.lowerBound ?? .distantPast)
    let end = next + TimeSpan(milliseconds: Int64(waves * Double(campaign.waves.every.milliseconds)))
    return campaign.window.map { min(end, $0.upperBound) } ?? end
  }
}
