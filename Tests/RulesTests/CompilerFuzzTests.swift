import AttuneModel
import Testing

@testable import Rules

/// Documents with faults in them: the compiler never traps, and always tells where a fault is.
@Suite struct CompilerFuzzTests {
  private static let documents = [
    """
    {rule: hesitating-buyer, key: [user, item], mode: shadow, to: user, pattern: [
    {on: view, as: v, where: "price >= 50 and profile.city == 'x'", times: 2..5, gap: 10m},
    {not: cart, where: "item == v.item"}, {notNext: refund},
    {then: [chat, call], as: c, times: 3+, until: "type == 'end' or hour(ts) > 22", greedy: true},
    {not: buy, for: 30m}],
    within: 2h, repeat: each, skip: toLast(c), without: refund, having: distinct(v.seller) >= 2,
    emit: {item: v.item, views: count(v), spent: sum(v.price), city: profile.town}}
    """,
    """
    {rule: image, key: [image, shop], to: sender, pattern: [
    {on: send, as: s, times: 100, distinct: receiver}, {next: any, as: n, optional: true, where: "price in [1, 2]"},
    {thenAny: open, times: 2, combinations: true, same: shop}, {then: a, times: 2, consecutive: true}, {notNext: b}],
    within: 5m, skip: toFirst(n), emit: {who: last(s.receiver), n: count(s), days: max(day(s.ts))}}
    """,
    "{rule: quiet, pattern: [{on: a, as: x}, {next: b, where: ts - x.ts < 1000}, {notNext: [a, b]}], within: none}",
    "{rule: gaps, pattern: [{on: a, times: 3, gap: 1m}, {then: b, gap: 1h}, {not: c, for: 1d}], repeat: restart}",
  ]

  private static let words = [
    "on", "then", "thenAny", "next", "not", "notNext", "as", "where", "times", "optional", "gap", "consecutive",
    "combinations", "same", "distinct", "greedy", "until", "for", "rule", "key", "to", "mode", "pattern", "within",
    "repeat", "skip", "without", "having", "emit", "user", "ts", "type", "any", "none", "true", "false", "a", "v", "c",
    "1", "0", "-1", "2..5", "5..2", "3+", "1000+", "1001", "9223372036854775807", "1m", "0s", "99999999999999d",
    "36500d",
    "toLast(v)", "toFirst(", "pastLast", "restart", "", "'", "(((", "v.price > 3", "sum(v.x) >= avg(v.y)",
    "profile.x == 1",
    "not not exists(x)", "x in [1, 'b']", "day(ts)", "价格 > 5", "a.b.c", "1 / 0 == 0", "count(c) > 1 or", "\u{1F600}",
  ]

  @Test func documentsAreRightBeforeTheyAreBroken() {
    for document in Self.documents { #expect(read(document).rule != nil, "\(read(document).told)") }
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func faultsAreAlwaysToldWithTheirPlace(_ part: UInt64) throws {
    let documents = Self.documents.map(Flow.node)
    var compiled = 0
    for number in 0..<2500 as Range<UInt64> {
      let seed = part * 1_000_000 + number
      var fuzz = Fuzz(generator: SeededGenerator(seed: seed), words: Self.words)
      let document = fuzz.mutated(documents[Int(number) % documents.count])
      var diagnostics = Diagnostics()
      let rules = RuleSet(
        reading: [document], zone: .utc, replacing: RuleSet(), at: .distantPast, &diagnostics)
      // Expecting is slow: only what went wrong is worth it.
      if rules.rules.isEmpty == diagnostics.errors.isEmpty { Issue.record("seed \(seed): \(diagnostics)") }
      if !diagnostics.all.isEmpty {
        let places = Self.places(in: document)
        for diagnostic in diagnostics.all where diagnostic.message.isEmpty || !Self.isThere(diagnostic.mark, places) {
          Issue.record("seed \(seed): \(diagnostic)")
        }
      }
      guard let rule = rules.rules.first else { continue }
      compiled += 1
      let cost = rule.cost()
      #expect(cost.startsPerEvent >= 0 && cost.waysPerAttempt >= 1, "seed \(seed): \(cost)")
      #expect((cost.bytesPerKey ?? 0) >= 0 && (cost.testsPerEvent ?? 0) >= 0, "seed \(seed): \(cost)")
      #expect(rule.pattern.lifetime >= .zero, "seed \(seed)")
      if number % 8 == 0 { #expect(try RuleSet(decoding: rules.encoded()) == rules, "seed \(seed)") }
    }
    // Documents that are all broken would not reach what comes after reading.
    #expect(compiled > 200 && compiled < 2000, "part \(part): \(compiled) compiled")
  }

  private static func isThere(_ mark: Mark, _ places: [(mark: Mark, length: Int)]) -> Bool {
    places.contains { place, length in
      place.column <= mark.column && mark.column <= place.column + length + 1 && place.line == mark.line
        && place.file == mark.file
    }
  }

  private static func places(in node: Node) -> [(mark: Mark, length: Int)] {
    let own = [(node.mark, node.scalar?.unicodeScalars.count ?? 0)]
    switch node.content {
    case .null, .scalar: return own
    case .sequence(let nodes): return own + nodes.flatMap(places)
    case .mapping(let entries): return own + entries.flatMap { [($0.keyMark, 0)] + places(in: $0.value) }
    }
  }
}

/// Breaks a document here and there.
private struct Fuzz {
  var generator: SeededGenerator
  let words: [String]

  private mutating func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }
  private mutating func word() -> String { words[number(below: words.count)] }

  mutating func mutated(_ node: Node) -> Node {
    var node = node
    for _ in 0...min(number(below: 3), number(below: 3)) {
      var place = number(below: Self.size(node))
      node = change(node, at: &place)
    }
    return node
  }

  private static func size(_ node: Node) -> Int {
    switch node.content {
    case .null, .scalar: 1
    case .sequence(let nodes): nodes.reduce(1) { $0 + size($1) }
    case .mapping(let entries): entries.reduce(1) { $0 + size($1.value) }
    }
  }

  /// Changes the node that stands at `place` in the order of writing.
  private mutating func change(_ node: Node, at place: inout Int) -> Node {
    defer { place -= 1 }
    if place == 0 { return broken(node) }
    var node = node
    switch node.content {
    case .null, .scalar: break
    case .sequence(var nodes):
      for index in nodes.indices where place > 0 {
        place -= 1
        nodes[index] = change(nodes[index], at: &place)
        place += 1
      }
      node.content = .sequence(nodes)
    case .mapping(var entries):
      for index in entries.indices where place > 0 {
        place -= 1
        entries[index].value = change(entries[index].value, at: &place)
        place += 1
      }
      node.content = .mapping(entries)
    }
    return node
  }

  private mutating func broken(_ node: Node) -> Node {
    var node = node
    switch node.content {
    case .null: node.content = .scalar(word(), quoted: false)
    case .scalar(let text, let quoted):
      switch number(below: 6) {
      case 0: node.content = .null
      case 1: node.content = .sequence([node, Node(.scalar(word(), quoted: false), mark: node.mark)])
      case 2: node.content = .mapping([Node.Entry(key: word(), keyMark: node.mark, value: node)])
      case 3: node.content = .scalar(word(), quoted: quoted)
      default: node.content = .scalar(scratched(text), quoted: quoted)
      }
    case .sequence(var nodes):
      switch number(below: 4) {
      case 0 where !nodes.isEmpty: nodes.remove(at: number(below: nodes.count))
      case 1 where !nodes.isEmpty: nodes.append(nodes[number(below: nodes.count)])
      case 2 where nodes.count > 1: nodes.swapAt(0, number(below: nodes.count))
      default: nodes.append(Node(.scalar(word(), quoted: false), mark: node.mark))
      }
      node.content = .sequence(nodes)
    case .mapping(var entries):
      switch number(below: 4) {
      case 0 where !entries.isEmpty: entries.remove(at: number(below: entries.count))
      case 1 where !entries.isEmpty: entries[number(below: entries.count)].key = word()
      default:
        entries.append(
          Node.Entry(key: word(), keyMark: node.mark, value: Node(.scalar(word(), quoted: false), mark: node.mark)))
      }
      node.content = .mapping(entries)
    }
    return node
  }

  /// A text with a letter taken out, put in or changed.
  private mutating func scratched(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    let letters = Array("a9.,+-*/()[]<>=!'\"\\ \n\t_#\u{0}é".unicodeScalars)
    let letter = letters[number(below: letters.count)]
    let place = number(below: scalars.count + 1)
    switch number(below: 3) {
    case 0 where place < scalars.count: scalars.remove(at: place)
    case 1 where place < scalars.count: scalars[place] = letter
    default: scalars.insert(letter, at: place)
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
