public import Learning
import Materials
public import Model
import Rules

/// What there is to see of a campaign while it runs and afterwards.
public struct CampaignReport: Sendable {
  public struct Copy: Sendable {
    public var figures: CopyFigures
    public var title: String
    /// What is believed of its clicks, for users as they came: the mean, and where nine in ten draws lie.
    public var belief: ClosedRange<Double>
    public var mean: Double
    /// What one more unit of each of its quotas would earn, together, in clicks.
    public var price: Double
    public var maximum: Int?
    public var minimum: Int?
  }

  public var name: String
  public var state: CampaignState
  public var copies: [Copy]
  public var clicks: Int { copies.reduce(0) { $0 + $1.figures.clicks } }
  public var optOuts: Int { copies.reduce(0) { $0 + $1.figures.optOuts } }
  public var conversions: Int { copies.reduce(0) { $0 + $1.figures.conversions } }
  public var quotas: [Quota]
  /// What it brought, with intervals that hold however often one looks.
  public var lifts: [Lift]
  /// The share of the most clicks that anybody could have had, by what is believed now; of campaigns with quotas, once
  /// they are over.
  public var shareOfBest: Double?
  /// When everybody will have been decided about, at the pace so far.
  public var expectedEnd: Instant?

  public struct Lift: Sendable {
    public enum Of: String, Sendable {
      /// The goal: of everybody who could get a message, above those left out.
      case goal
      /// Clicks a message: of learned choices, above those by lot.
      case choice
    }

    public var of: Of
    public var interval: Interval
  }

  /// One of its limits: how much is used, and what one more unit would earn, in clicks.
  public struct Quota: Sendable {
    public var name: String
    public var limit: Int
    public var used: Int
    public var price: Double
    public var isMinimum: Bool
  }
}

extension Engine {
  /// Nil for a campaign that nobody launched, or handed users in for.
  public func report(ofCampaign name: String) -> CampaignReport? {
    guard let state = campaigns[name] else { return nil }
    let materials = configuration.businesses[name]?.materials.all ?? []
    let copies = (pilots[name]?.copies ?? []).enumerated().map { place, figures in
      let material = materials.first { $0.id == figures.id }
      let belief = pilots[name].flatMap { $0.sample.belief(of: place, $0.learner) } ?? (mean: 0, range: 0...0)
      return CampaignReport.Copy(
        figures: figures, title: material?.title.source ?? "", belief: belief.range, mean: belief.mean,
        price: pilots[name]?.price(of: place) ?? 0, maximum: configuration.campaigns[name]?.quotas.maxima[figures.id],
        minimum: configuration.campaigns[name]?.quotas.minima[figures.id])
    }
    return CampaignReport(
      name: name, state: state, copies: copies, quotas: pilots[name]?.quotas ?? [],
      lifts: lifts(of: name, state), shareOfBest: shareOfBest(name, state), expectedEnd: expectedEnd(of: name))
  }

  private func shareOfBest(_ name: String, _ state: CampaignState) -> Double? {
    guard state.status.isOver, let pilot = pilots[name], let quotas = pilot.allocator?.quotas else { return nil }
    return pilot.sample.shareOfBest(pilot.learner, quotas)
  }

  private func lifts(of name: String, _ state: CampaignState) -> [CampaignReport.Lift] {
    guard let pilot = pilots[name] else { return [] }
    let sequence = ConfidenceSequence(expected: state.audience)
    let seen = state.seen(pilot)
    let (clicks, sent) = pilot.copies.reduce((0, 0)) { ($0.0 + $1.randomClicks, $0.1 + $1.randomSent) }
    let all = pilot.copies.reduce(0) { $0 + $1.clicks }
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

  /// How many users a campaign would have if it were launched now; of a file, those handed in so far.
  public func audience(of campaign: Campaign) -> Int {
    switch campaign.audience {
    case .list(let users): Set(users).count
    case .file: partitions.reduce(0) { $0 + ($1.audiences[campaign.name]?.count ?? 0) }
    case .profiles(let predicate):
      partitions.reduce(0) { count, partition in
        count + partition.profiles.values.count { predicate?.holds(profile: $0) ?? true }
      }
    }
  }
}
