public import AttuneModel

/// The rules in force, compiled together: an event is looked up by type and meets only rules that can use it.
///
/// Versions that were replaced stay as long as attempts of theirs can be open. A set is a value shared by all matchers.
public struct RuleSet: Sendable, Equatable {
  /// Those in force, in document order.
  public private(set) var rules: [Rule] = []
  /// Replaced versions, no longer started, and the instant by which their last attempt is over.
  private(set) var retired: [Retired] = []
  private(set) var nextSerial: UInt64 = 0
  private var index = Index()

  struct Retired: Sendable, Equatable {
    var rule: Rule
    var until: Instant
  }

  /// Events may be this much ahead of the clock that publishes, and still start an attempt.
  private static let slack = TimeSpan.days(1)

  /// No rules.
  public init() {}

  /// Compiles documents, one rule each. What is wrong goes to `diagnostics`, and the set then lacks those rules.
  ///
  /// A rule that says the same as in `previous` keeps its version, a changed one gets the next, a new one starts at 1.
  /// - Parameter reset: open attempts of replaced versions are dropped; else they finish under the version they began with.
  public init(
    reading documents: [Node], zone: Zone, replacing previous: RuleSet, reset: Bool = false, at: Instant,
    _ diagnostics: inout Diagnostics
  ) {
    nextSerial = previous.nextSerial
    retired = reset ? [] : previous.retired.filter { $0.until > at }
    for document in documents {
      guard var rule = Rule(reading: document, zone: zone, &diagnostics) else { continue }
      if let first = rules.first(where: { $0.name == rule.name }) {
        diagnostics.error(
          rule.mark, "there is already a rule '\(rule.name)', at \(first.mark)", hint: "give it another name")
        continue
      }
      let old = previous.rules.first { $0.name == rule.name }
      if let old, old.saysTheSame(as: rule) {
        rule.version = old.version
        rule.serial = old.serial
      } else {
        rule.version = (old?.version ?? 0) + 1
        rule.serial = nextSerial
        nextSerial += 1
        if let old, !reset { retired.append(Retired(rule: old, until: at + old.pattern.lifetime + Self.slack)) }
      }
      rules.append(rule)
    }
    let names = Set(rules.map(\.name))
    retired.removeAll { !names.contains($0.rule.name) }
    index = Index(rules: rules, retired: retired)
  }

  init(rules: [Rule], retired: [Retired], nextSerial: UInt64) {
    self.rules = rules
    self.retired = retired
    self.nextSerial = nextSerial
    index = Index(rules: rules, retired: retired)
  }

  /// The properties of the profile that some rule asks for, each once, in alphabetical order.
  public var profileProperties: [String] {
    Set(rules.flatMap(\.profileProperties) + retired.flatMap(\.rule.profileProperties)).sorted()
  }

  /// No attempt of any of them lives longer after its first event; `.max` when nothing but events ends one.
  public var longestLifetime: TimeSpan { rules.map(\.pattern.lifetime).max() ?? .zero }

  public static func == (a: RuleSet, b: RuleSet) -> Bool {
    a.rules == b.rules && a.retired == b.retired && a.nextSerial == b.nextSerial
  }

  /// What events of this type mean to the rules.
  func concern(of type: String) -> Concern { index.byType[type] ?? index.ofOthers }

  /// The very version an attempt started under; nil when it is gone.
  func rule(serial: UInt64) -> Rule? { index.bySerial[serial] }
}

extension RuleSet {
  private struct Index: Sendable {
    var byType = ConcernTable()
    /// Of types no rule names.
    var ofOthers = Concern(nil, [])
    var bySerial: [UInt64: Rule] = [:]

    init() {}

    init(rules: [Rule], retired: [Retired]) {
      let all = rules.map { ($0, true) } + retired.map { ($0.rule, false) }
      for (rule, _) in all { bySerial[rule.serial] = rule }
      var byType: [String: [Int]] = [:]
      var ofAll: [Int] = []
      let typesByPlace = all.map(\.0.eventTypes)
      for (rule, _) in all { for type in rule.namedTypes { byType[type] = [] } }
      for (place, types) in typesByPlace.enumerated() {
        for type in types ?? Array(byType.keys) { byType[type]?.append(place) }
        if types == nil { ofAll.append(place) }
      }
      self.byType = ConcernTable(
        byType.reduce(into: [:]) { $0[$1.key] = Concern($1.key, $1.value.map { all[$0] }) })
      ofOthers = Concern(nil, ofAll.map { all[$0] })
    }
  }
}
