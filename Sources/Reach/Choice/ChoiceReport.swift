import AttuneModel
import Learning
import Materials

/// What there is to see of a business whose copies are chosen by what was learned.
public struct ChoiceReport: Sendable {
  public struct Copy: Sendable {
    public var figures: CopyFigures
    public var title: String
    /// What is believed of its clicks, for users as they came: the mean, and where nine in ten draws lie.
    /// Nil while it is not known how long clicks take.
    public var belief: ClosedRange<Double>?
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
