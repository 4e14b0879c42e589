public import AttuneModel
import Foundation
import Rules

/// How a test came out: what it expected and what came, where they are not the same.
public struct RuleTestOutcome: Sendable {
  public let name: String
  public let mark: Mark
  public let differences: [Difference]

  public var passed: Bool { differences.isEmpty }

  public enum Difference: Sendable {
    /// Expected, and did not come.
    case missing(RuleTestRow, Mark)
    /// Came, and was not expected.
    case unexpected(RuleTestRow)
    /// Came, but not as it was expected.
    case other(RuleTestRow, Mark, got: RuleTestRow, fields: [Field])
  }

  /// A part of a row, as a person would write it; nothing stands for what is not there.
  public struct Field: Sendable, Hashable {
    public var name: String
    public var expected: String
    public var got: String
  }

  init(test: RuleTest, outputs: [RuleStream.Output]) {
    name = test.name
    mark = test.mark
    let got = outputs.compactMap { RuleTestRow($0) }
    differences = Self.differences(test.expected.map { (RuleTestRow($0), $0.mark) }, got)
  }

  /// Rows that agree go first; then each expected one is held against the nearest of its rule that is left.
  private static func differences(_ expected: [(row: RuleTestRow, mark: Mark)], _ got: [RuleTestRow]) -> [Difference] {
    var got = got
    let open = expected.filter { expected in
      guard let index = got.firstIndex(where: { expected.row.differences(from: $0).isEmpty }) else { return true }
      got.remove(at: index)
      return false
    }
    var differences: [Difference] = []
    for (row, mark) in open {
      let near = got.indices.filter { row.isNear(got[$0]) }
        .min { row.differences(from: got[$0]).count < row.differences(from: got[$1]).count }
      if let near {
        let other = got.remove(at: near)
        differences.append(.other(row, mark, got: other, fields: row.differences(from: other)))
      } else {
        differences.append(.missing(row, mark))
      }
    }
    return differences + got.map { .unexpected($0) }
  }
}

/// A match, expected or found, as parts that can be compared and read.
public struct RuleTestRow: Sendable, Hashable, CustomStringConvertible {
  let rule: String
  let isRetracted: Bool
  let key: [Value]?
  let at: Instant?
  let emit: [Property]?
  let events: RuleTest.MatchedNames?

  init(_ expected: RuleTest.Expectation) {
    rule = expected.rule
    isRetracted = expected.isRetracted
    key = expected.key
    at = expected.at
    emit = expected.emit
    events = expected.events
  }

  /// Nil for an event that came late.
  init?(_ output: RuleStream.Output) {
    switch output {
    case .match(let match): self.init(match, isRetracted: false)
    case .retracted(let match): self.init(match, isRetracted: true)
    case .late: return nil
    }
  }

  private init(_ match: Match, isRetracted: Bool) {
    self.isRetracted = isRetracted
    rule = match.rule
    key = match.key
    at = match.at
    emit = match.emit
    events = .byAlias(
      match.events.filter { !$0.events.isEmpty }.map { step in
        Property(step.alias, .list(step.events.map { .string($0.id ?? String($0.sequence)) }))
      })
  }

  /// Whether the other may be meant by it: the same rule, and the same key or instant.
  func isNear(_ other: RuleTestRow) -> Bool {
    guard rule == other.rule, isRetracted == other.isRetracted else { return false }
    let differing = Set(differences(from: other).map(\.name))
    return !differing.contains("key") || !differing.contains("at")
  }

  /// Where another, found, is not as this one, expected.
  func differences(from found: RuleTestRow) -> [RuleTestOutcome.Field] {
    var fields: [RuleTestOutcome.Field] = []
    func compare(_ name: String, _ expected: String, _ got: String, _ same: Bool) {
      if !same { fields.append(RuleTestOutcome.Field(name: name, expected: expected, got: got)) }
    }
    compare("rule", rule, found.rule, rule == found.rule)
    compare("retracted", "\(isRetracted)", "\(found.isRetracted)", isRetracted == found.isRetracted)
    if let key, let other = found.key { compare("key", key.told, other.told, key.told == other.told) }
    if let at, let other = found.at { compare("at", at.told, other.told, at == other) }
    if let emit, let other = found.emit {
      for name in emit.names(with: other) {
        let (expected, got) = (emit[name], other[name])
        compare("emit.\(name)", expected?.written ?? "nothing", got?.written ?? "nothing", expected.agrees(with: got))
      }
    }
    switch (events, found.events) {
    case (.byAlias(let expected), .byAlias(let got)):
      for name in expected.names(with: got) {
        let (one, two) = (expected[name]?.told ?? "[]", got[name]?.told ?? "[]")
        compare("events.\(name)", one, two, one == two)
      }
    case (.inOrder(let expected), .byAlias(let got)):
      let all = got.flatMap(\.value.items)
      compare("events", expected.told, all.told, expected.told == all.told)
    default: break
    }
    return fields
  }

  /// `hesitating-buyer [u1, x] at 32m, emit { item: x, views: 3 }, events { v: [e1, e2, e3] }`
  public var description: String {
    var text = (isRetracted ? "retracted " : "") + rule
    if let key { text += " \(key.told)" }
    if let at { text += " at \(at.told)" }
    if let emit, !emit.isEmpty { text += ", emit " + emit.braced(\.written) }
    switch events {
    case .byAlias(let events): text += ", events " + events.braced(\.told)
    case .inOrder(let events): text += ", events \(events.told)"
    case nil: break
    }
    return text
  }
}

extension [Value] {
  /// Keys and names of events, where a number and its digits are the same.
  fileprivate var told: String { "[\(map(\.description).joined(separator: ", "))]" }
}

extension [Property] {
  fileprivate func names(with others: [Property]) -> [String] {
    map(\.name) + others.map(\.name).filter { self[$0] == nil }
  }

  fileprivate func braced(_ text: (Value) -> String) -> String {
    isEmpty ? "{}" : "{ \(map { "\($0.name): \(text($0.value))" }.joined(separator: ", ")) }"
  }
}

extension Value {
  fileprivate var items: [Value] { if case .list(let values) = self { values } else { [self] } }
  fileprivate var told: String { items.told }

  /// As in YAML: quotes tell a text from the number or boolean that it looks like.
  fileprivate var written: String {
    switch self {
    case .string(let text):
      text.isEmpty || Double(text) != nil || ["true", "false"].contains(text) ? "\"\(text)\"" : text
    case .list(let values): "[\(values.map(\.written).joined(separator: ", "))]"
    case .number, .bool: description
    }
  }
}

extension Value? {
  /// Sums and averages agree up to what the order of adding may change.
  fileprivate func agrees(with other: Value?) -> Bool {
    guard case .number(let a) = self, case .number(let b) = other else { return self == other }
    return a == b || abs(a - b) <= 1e-9 * max(abs(a), abs(b))
  }
}

extension Instant {
  /// As a test writes it: a span since its start where that is short.
  fileprivate var told: String {
    let span = self - RuleTest.start
    if span >= .zero, span <= .days(3650) { return span == .zero ? "0s" : span.description }
    let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
