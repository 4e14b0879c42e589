public import AttuneModel

/// How `choose: learned` weighs a message: everything in clicks (or conversions), so that it can be compared.
public struct ChoiceSettings: Hashable, Sendable {
  public enum Objective: String, Sendable, CaseIterable { case click, conversion }

  /// What a copy is to bring about.
  public var objective = Objective.click
  /// Properties of the profile that are learned from; nil for all that are words, flags or numbers.
  public var features: [String]?
  /// Properties of the profile whose values tell users apart in reports on filters.
  public var segments: [String] = []
  /// How long after a message its click still counts for it.
  public var attribution = TimeSpan.days(1)
  /// Share of users whose copy is drawn among all, each as likely: what learned choices are measured against.
  public var random = 0.03
  /// Least chance of exploring, within the others.
  public var floor = 0.03
  /// Clicks that one opt-out costs.
  public var annoyance = Annoyance.kind.clicks
  /// A copy that the user has seen lately is thought to be worth this share less at once, and half of that after
  /// `recovery`, until clicks tell more; 0 leaves it out.
  public var weariness = 0.017
  public var recovery = TimeSpan.days(15)
  /// A quiet delivery, passive and without a sound: its clicks and its opt-outs, as shares of a loud one's; nil for none.
  public var quiet: Quiet? = Quiet()

  public struct Quiet: Hashable, Sendable {
    public var value = 0.3
    public var annoyance = 0.05
  }

  /// In plain words. The default is kind: one opt-out costs ten clicks.
  public enum Annoyance: String, CaseIterable {
    case bold, balanced, kind, gentle

    var clicks: Double {
      switch self {
      case .bold: 1
      case .balanced: 4
      case .kind: 10
      case .gentle: 30
      }
    }
  }

  public init() {}
}

extension ChoiceSettings {
  /// Reads `learned: { objective, features, segments, attribution, random, explore, annoyance, weariness, quiet }`.
  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "learned", &diagnostics) else { return nil }
    self.init()
    let errors = diagnostics.errors.count
    if let node = fields.take("objective"),
      let word = node.choice("the objective", of: Objective.allCases.map(\.rawValue), &diagnostics)
    {
      objective = Objective(rawValue: word) ?? .click
    }
    if let list = fields.take("features") {
      features = list.items.compactMap { $0.text("a property of the profile", &diagnostics) }
    }
    if let list = fields.take("segments") { segments = Self.segments(list, &diagnostics) }
    if let span = fields.take("attribution")?.span("the attribution window", &diagnostics) { attribution = span }
    if let node = fields.take("random") { random = node.share("the random share", &diagnostics) ?? 0 }
    if let node = fields.take("explore") { floor = node.share("the exploration", &diagnostics) ?? 0 }
    if let node = fields.take("annoyance") { annoyance = Self.annoyance(node, &diagnostics) ?? 0 }
    if let node = fields.take("weariness") {
      weariness = node.number("the weariness of a copy", in: 0...1, &diagnostics) ?? 0
    }
    if let node = fields.take("quiet") {
      quiet = node.bool("whether messages may be quiet", &diagnostics) == true ? Quiet() : nil
    }
    fields.finish(&diagnostics)
    if attribution <= .zero {
      diagnostics.error(node.mark, "an attribution window of no length attributes nothing", hint: "write 1d")
    }
    if diagnostics.errors.count > errors { return nil }
  }

  private static let mostSegmentProperties = 3

  private static func segments(_ list: Node, _ diagnostics: inout Diagnostics) -> [String] {
    let names = list.items.compactMap { $0.text("a property of the profile", &diagnostics) }
    if names.count > mostSegmentProperties {
      diagnostics.error(
        list.mark, "segments are told by \(mostSegmentProperties) properties at most",
        hint: "name those that tell users apart best")
    }
    return names
  }

  private static func annoyance(_ node: Node, _ diagnostics: inout Diagnostics) -> Double? {
    if let word = node.scalar.flatMap(Annoyance.init(rawValue:)) { return word.clicks }
    if let number = node.scalar.flatMap(Double.init), (0...10_000).contains(number) { return number }
    diagnostics.error(
      node.mark, "expected what an opt-out costs: \(Annoyance.allCases.map(\.rawValue).joined(separator: ", "))",
      hint: "or a number of clicks, as 'annoyance: 20'")
    return nil
  }
}
