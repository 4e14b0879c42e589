public import AttuneModel

/// The rules in force, compiled together: an event is looked up by type and meets only rules that can use it.
///
/// Versions that were replaced stay as long as attempts of theirs can be open. A set is a value shared by all matchers.
/// It comes from documents (`init(reading:...)`), from bytes made for an app (`init(device:)`) or from a checkpoint.
///
/// ```swift
/// var diagnostics = Diagnostics()
/// let next = RuleSet(reading: documents, zone: zone, replacing: current, at: now, &diagnostics)
/// guard diagnostics.errors.isEmpty else { throw diagnostics }
/// ```
public struct RuleSet: Sendable, Equatable {
  /// Those in force, in document order.
  public private(set) var rules: [Rule] = []
  /// Replaced versions, no longer started, and the instant by which their last attempt is over.
  private(set) var retired: [Retired] = []
  private(set) var nextSerial: UInt64 = 0
  private var index = RuleIndex()

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
  ///
  /// - Parameters:
  ///   - documents: as read from YAML, or built; their places go into the messages.
  ///   - zone: of `day(x)`, `hour(x)` and `weekday(x)`.
  ///   - previous: the set in force; an empty one at first.
  ///   - reset: open attempts of replaced versions are dropped; else they finish under the version they began with.
  ///   - at: when it takes effect; replaced versions go when none of their attempts can be open any more.
  ///   - diagnostics: gets errors and warnings, each with its place and, where there is one, a hint.
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
    index = RuleIndex(rules.map { ($0, true) } + retired.map { ($0.rule, false) })
  }

  init(rules: [Rule], retired: [Retired], nextSerial: UInt64) {
    self.rules = rules
    self.retired = retired
    self.nextSerial = nextSerial
    index = RuleIndex(rules.map { ($0, true) } + retired.map { ($0.rule, false) })
  }

  /// The properties of the profile that some rule asks for, each once, in alphabetical order.
  public var profileProperties: [String] {
    Set(rules.flatMap(\.profileProperties) + retired.flatMap(\.rule.profileProperties)).sorted()
  }

  /// No attempt of any of them lives longer after its first event; `.max` when nothing but events ends one.
  public var longestLifetime: TimeSpan { rules.map(\.pattern.lifetime).max() ?? .zero }

  /// The same rules under the same versions, replaced ones included.
  public static func == (a: RuleSet, b: RuleSet) -> Bool {
    a.rules == b.rules && a.retired == b.retired && a.nextSerial == b.nextSerial
  }

  /// The rules that events of this type concern.
  func routing(of type: String) -> TypeRouting { index.routing(of: type) }

  /// The very version an attempt started under; nil when it is gone.
  func rule(serial: UInt64) -> Rule? { index.rule(serial: serial) }
}

// Users and keys live apart: the rules of a single user go with the user, the others are divided by key.
extension RuleSet {
  /// Over how many matchers keys are divided.
  public static let shardCount = 64

  /// The part of a set that fits, replaced versions included; numbers and versions are those of the whole.
  public func filter(_ isIncluded: (Rule) -> Bool) -> RuleSet {
    let rules = rules.filter(isIncluded)
    let retired = retired.filter { isIncluded($0.rule) }
    if rules.count == self.rules.count, retired.count == self.retired.count { return self }
    return RuleSet(rules: rules, retired: retired, nextSerial: nextSerial)
  }

  /// The part that another set has too: under the same number, and with the same words.
  func inCommon(with other: RuleSet) -> RuleSet {
    filter { rule in other.rule(serial: rule.serial)?.saysTheSame(as: rule) ?? false }
  }

  /// Nothing is looked for, and nothing finishes.
  public var isEmpty: Bool { rules.isEmpty && retired.isEmpty }

  /// The shards whose keys an event reaches, as bits: its own of each key it has, all of them for part of a key.
  public func shards(of event: Event) -> UInt64 {
    var shards: UInt64 = 0
    for key in routing(of: event.name).keys {
      switch KeyReading(key, of: event) {
      case .none: continue
      case .part: return .max
      case .whole(let key): shards |= 1 << UInt64(key.shard)
      }
    }
    return shards
  }
}

extension Digest {
  /// From the lane by which tables do not place their keys.
  var shard: Int { Int(high % UInt64(RuleSet.shardCount)) }
}
