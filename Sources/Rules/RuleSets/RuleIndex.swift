import AttuneModel

/// The rules of a set, found by the type of an event and by serial.
struct RuleIndex: Sendable {
  private var byType = RoutingTable()
  /// Of types no rule names.
  private var ofOthers = TypeRouting(nil, [])
  private var bySerial: [UInt64: Rule] = [:]

  init() {}

  /// - Parameter rules: with whether they are in force; the others only finish.
  init(_ rules: [(rule: Rule, isInForce: Bool)]) {
    for (rule, _) in rules { bySerial[rule.serial] = rule }
    var byType: [String: [Int]] = [:]
    var ofAll: [Int] = []
    let typesByPlace = rules.map(\.rule.eventTypes)
    for (rule, _) in rules { for type in rule.namedTypes { byType[type] = [] } }
    for (place, types) in typesByPlace.enumerated() {
      for type in types ?? Array(byType.keys) { byType[type]?.append(place) }
      if types == nil { ofAll.append(place) }
    }
    self.byType = RoutingTable(
      byType.reduce(into: [:]) { $0[$1.key] = TypeRouting($1.key, $1.value.map { rules[$0] }) })
    ofOthers = TypeRouting(nil, ofAll.map { rules[$0] })
  }

  func routing(of type: String) -> TypeRouting { byType[type] ?? ofOthers }

  func rule(serial: UInt64) -> Rule? { bySerial[serial] }
}

/// The rules that events of one type concern, in the order of the set: those in force, then those that only finish.
final class TypeRouting: Sendable {
  /// The rules' keys, each once.
  let keys: [[Attribute]]
  let routes: [Route]

  /// One of those rules, with what every event of the type asks of it.
  final class Route: Sendable {
    let rule: Rule
    let pattern: Pattern
    let plan: Pattern.Plan
    let serial: UInt32
    /// Among `keys`.
    let key: Int
    let relevance: Relevance
    /// Whether the events may start an attempt.
    let opens: Bool

    fileprivate init(_ rule: Rule, key: Int, _ relevance: Relevance, isInForce: Bool) {
      self.rule = rule
      pattern = rule.pattern
      plan = rule.pattern.plan
      serial = UInt32(truncatingIfNeeded: rule.serial)
      self.key = key
      self.relevance = relevance
      opens = isInForce && relevance.fits & plan.openings != 0
    }
  }

  fileprivate init(_ type: String?, _ rules: [(rule: Rule, isInForce: Bool)]) {
    var keys: [[Attribute]] = []
    routes = rules.map { rule, isInForce in
      if !keys.contains(rule.pattern.key) { keys.append(rule.pattern.key) }
      return Route(
        rule, key: keys.firstIndex(of: rule.pattern.key) ?? 0, Relevance(of: type, for: rule.pattern),
        isInForce: isInForce)
    }
    self.keys = keys
  }
}

/// What events of one type can do to one rule.
struct Relevance: Hashable, Sendable {
  /// Steps they may fit, and steps after which they may be forbidden, as bits.
  var fits: UInt32 = 0
  var forbids: UInt32 = 0
  /// They end every attempt: `without`.
  var isBanned = false

  fileprivate init(of type: String?, for pattern: Pattern) {
    // Nil is a type no rule names.
    func covers(_ types: EventTypes) -> Bool { type.map(types.contains) ?? (types == .any) }
    for (index, step) in pattern.steps.enumerated() {
      let bit: UInt32 = 1 << UInt32(index)
      if covers(step.fit.types) { fits |= bit }
      if step.forbidden.contains(where: { covers($0.types) }) { forbids |= bit }
    }
    isBanned = pattern.without.map(covers) ?? false
  }

  /// As a slot's `watch` has it.
  var mask: UInt32 { fits | forbids << 16 }
}

/// Routings by the name of a type: open addressing by a digest of the name, because every event asks.
private struct RoutingTable: Sendable {
  private var entries: ContiguousArray<(name: String, routing: TypeRouting)?> = [nil]

  init(_ routings: [String: TypeRouting] = [:]) {
    // At most half full, and a power of two, so that a digest's lower bits are a place.
    var size = 2
    while size < routings.count * 2 { size *= 2 }
    entries = ContiguousArray(repeating: nil, count: size)
    for (name, routing) in routings { entries[vacancy(for: name)] = (name, routing) }
  }

  subscript(name: String) -> TypeRouting? { entries[vacancy(for: name)]?.routing }

  /// Where the name stands, or would stand.
  private func vacancy(for name: String) -> Int {
    var digest = Digest()
    digest.combine(name)
    var place = Int(truncatingIfNeeded: digest.low) & (entries.count - 1)
    while let entry = entries[place], entry.name != name { place = (place + 1) & (entries.count - 1) }
    return place
  }
}
