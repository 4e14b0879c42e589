import AttuneModel
import Learning
import Materials

/// What there is to see of a business whose copies are chosen by what was learned.
public struct ChoiceReport: Sendable {
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

  public var copies: [Copy] = []
  public var quotas: [Quota] = []
  /// What filters, fatigue and quotas kept from users, the dearest first.
  public var refusals: [FilterOutcomes.Refusal] = []
  /// The same by segment, if the choice tells users apart.
  public var segments: [FilterOutcomes.Segment] = []

  public var clicks: Int { copies.reduce(0) { $0 + $1.figures.clicks } }
  public var optOuts: Int { copies.reduce(0) { $0 + $1.figures.optOuts } }
  public var conversions: Int { copies.reduce(0) { $0 + $1.figures.conversions } }

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
  /// Businesses and campaigns that a choice report can be had of.
  public var learnedChoices: [String] { pilots.keys.sorted() }

  /// Nil for a business without learned choices, or a campaign that was not launched.
  public func choiceReport(of name: String) -> ChoiceReport? {
    guard let pilot = pilots[name] else { return nil }
    let business = configuration.businesses[name]
    let quotas = configuration.campaigns[name]?.quotas
    let copies = pilot.copies.enumerated().map { place, figures in
      let material = business?.materials.all.first { $0.id == figures.id }
      let belief = pilot.sample.belief(of: place, pilot.learner) ?? (mean: 0, range: 0...0)
      return ChoiceReport.Copy(
        figures: figures, title: material?.title.source ?? "", belief: belief.range, mean: belief.mean,
        price: Pilot.told(pilot.price(of: place)), maximum: quotas?.maxima[figures.id],
        minimum: quotas?.minima[figures.id])
    }
    return ChoiceReport(
      copies: copies, quotas: pilot.quotas, refusals: pilot.outcomes.refusals,
      segments: business?.choice?.segments.isEmpty == false ? pilot.outcomes.segments : [])
  }
}
