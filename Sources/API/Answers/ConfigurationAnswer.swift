/// What became of a published configuration.
public struct ConfigurationAnswer: WireType, Hashable {
  public var changed: Bool
  public var dryRun: Bool
  public var differs: Bool
  public var reset: Bool
  public var rules: Int
  public var businesses: Int
  public var changes: [RuleChangeAnswer]
  public var documents: [DocumentChangeAnswer]
  public var warnings: [DiagnosticAnswer]

  public init(
    changed: Bool, dryRun: Bool, differs: Bool, reset: Bool, rules: Int, businesses: Int,
    changes: [RuleChangeAnswer], documents: [DocumentChangeAnswer], warnings: [DiagnosticAnswer]
  ) {
    self.changed = changed
    self.dryRun = dryRun
    self.differs = differs
    self.reset = reset
    self.rules = rules
    self.businesses = businesses
    self.changes = changes
    self.documents = documents
    self.warnings = warnings
  }

  public static let about = "What became of a published configuration."
  public static let notes = [
    "changed": "Whether it is in force now and was not before.",
    "differs": "Whether it is another one than was in force.",
    "reset": "Whether open attempts of changed rules were dropped.", "changes": "What becomes of each rule.",
    "documents": "What becomes of the settings, the businesses and the campaigns, without those that stay as they are.",
    "warnings": "Also those that only a server can see: of copies that its library has not.",
  ]
  public static let sample = ConfigurationAnswer(
    changed: true, dryRun: false, differs: true, reset: false, rules: 1, businesses: 1, changes: [.sample],
    documents: [.sample], warnings: [])
}

/// What a publication makes of one rule.
public struct RuleChangeAnswer: WireType, Hashable {
  public enum Change: String, TextChoice { case new, changed, removed, unchanged }

  public var rule: String
  public var change: Change
  public var before: Int?
  public var after: Int?

  public init(rule: String, change: Change, before: Int?, after: Int?) {
    self.rule = rule
    self.change = change
    self.before = before
    self.after = after
  }

  public static let about = "What a publication makes of one rule."
  public static let notes = [
    "before": "Its version before; missing for a new one.", "after": "Its version now; missing for a removed one.",
  ]
  public static let sample = RuleChangeAnswer(rule: "interested", change: .changed, before: 1, after: 2)
}
