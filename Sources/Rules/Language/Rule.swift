public import AttuneModel

/// One rule: its name, its version, and the pattern it looks for.
public struct Rule: Sendable, Hashable {
  /// As it was written; one of its own in a set.
  public var name: String { origin.name }
  /// From 1; each changed publication adds one.
  public internal(set) var version: Int
  /// Where it was written.
  public var mark: Mark { origin.source.mark }
  /// Whether its matches are sent.
  public var mode: Mode { origin.mode }
  /// Names of what its matches carry, in the order of `emit`.
  public var emitted: [String] { pattern.emit.map(\.name) }
  /// The names of the properties that make the key, as written.
  public var key: [String] { origin.key }
  /// Whether its key lacks `user`, so that it looks across users: it sees no profile, and belongs to no single user.
  public var isCrossUser: Bool { !origin.key.contains("user") }
  /// Whom its matches are for, as written: a part of the key, or a property of the last matched event that has it.
  public var addressee: String { origin.addressee }

  /// Whether its matches may be for somebody else than the user whose events it looks at.
  public var isShared: Bool { isCrossUser || addressee != "user" }

  /// Unique within the life of a chain of sets, so that an attempt finds the very version it started under.
  var serial: UInt64
  let pattern: Pattern
  let origin: Origin

  /// What was written, shared like the pattern.
  final class Origin: Sendable {
    let name: String
    let mode: Mode
    let key: [String]
    let addressee: String
    let source: Node
    let zone: Zone

    /// Where in the key the addressee stands; past its end when it is not there.
    var userPart: Int { key.firstIndex(of: addressee) ?? key.count }

    init(name: String, mode: Mode, key: [String], addressee: String, source: Node, zone: Zone) {
      self.name = name
      self.mode = mode
      self.key = key
      self.addressee = addressee
      self.source = source
      self.zone = zone
    }
  }

  /// The same version of the same document.
  public static func == (a: Rule, b: Rule) -> Bool {
    a.serial == b.serial && a.version == b.version && a.origin.source == b.origin.source
      && a.origin.zone == b.origin.zone
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(serial)
    hasher.combine(version)
    hasher.combine(origin.source)
  }

  /// What is done with matches.
  public enum Mode: Sendable, Hashable {
    /// They are sent.
    case live
    /// Matched and recorded; nothing is sent.
    case shadow
  }

  /// The properties of the profile its expressions ask for, each once, in alphabetical order.
  public var profileProperties: [String] { Set(pattern.expressions.flatMap(\.profileProperties)).sorted() }

  /// The properties of events that its key and its conditions ask for, each once, in alphabetical order.
  public var eventProperties: [String] {
    Set(pattern.expressions.flatMap(\.eventProperties) + key.filter { $0 != "user" }).sorted()
  }

  /// The event types it reacts to, each once, in alphabetical order; nil when it reacts to all.
  public var eventTypes: [String]? {
    pattern.plan.seesAll || pattern.allTypes.contains(.any) ? nil : namedTypes.sorted()
  }

  /// The event types it names, even if it reacts to others too.
  var namedTypes: Set<String> {
    Set(pattern.allTypes.flatMap { if case .some(let names) = $0 { names } else { [] as [String] } })
  }

  /// Where a step stands; what is forbidden is none.
  func place(ofStep index: Int) -> Mark {
    let items = origin.source["pattern"]?.items.filter { $0["not"] == nil && $0["notNext"] == nil } ?? []
    return items.indices.contains(index) ? items[index].mark : mark
  }

  /// Whether another document says the same, wherever it stands.
  func saysTheSame(as other: Rule) -> Bool {
    origin.source.equals(other.origin.source) && (!pattern.usesZone || origin.zone == other.origin.zone)
  }
}

extension Node {
  /// Equal content; marks are ignored.
  fileprivate func equals(_ other: Node) -> Bool {
    switch (content, other.content) {
    case (.sequence(let a), .sequence(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.equals($1) }
    case (.mapping(let a), .mapping(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && $0.value.equals($1.value) }
    default: content == other.content
    }
  }
}
