import AttuneModel
import Testing

@testable import Rules

@Suite struct ExpressionTests {
  private let event = Event(
    user: "u1", name: "view", at: Instant(milliseconds: 1_700_000_000_000),
    properties: [
      Property("price", .number(80)), Property("title", .string("Red shoes")), Property("new", .bool(true)),
      Property("item.name", .string("shoe")), Property("tags", .list([.string("a"), .string("b")])),
    ])
  private let profile = [Property("city", .string("Hangzhou")), Property("age", .number(30))]

  private func holds(_ text: String, zone: Zone = .utc) -> Bool? {
    var scope = Scope(aliases: ["v"])
    scope.seesEvent = true
    scope.visible = 1
    var diagnostics = Diagnostics()
    let node = Node(.scalar(text, quoted: false), mark: Mark(file: "x", line: 1, column: 1))
    guard let expression = Expression.read(node, as: .condition, &scope, zone, &diagnostics) else { return nil }
    let prices: [Value?] = [.number(10), .number(30), nil, .number(20), .number(10)]
    let taken = prices.enumerated().map { index, price in
      let properties = price.map { [Property("price", $0)] } ?? []
      let matched = Event(
        user: "u1", name: "view", at: Instant(milliseconds: Int64(index) * 1000), properties: properties)
      return TakenEvent(
        step: 0, sequence: UInt64(index), at: matched.at,
        details: TakenEvent.Details(values: scope.kept[0].map { $0.value(in: matched) }))
    }
    return expression.term.holds(in: EvaluationContext(event: event, taken: taken, profile: profile))
  }

  @Test(arguments: [
    "price == 80", "price != 81", "price >= 80 and price <= 80", "price < 81 or price > 1000", "not price > 80",
    "price + 20 * 2 == 120", "(price + 20) * 2 == 200", "price - 10 - 10 == 60", "price / 4 == 20", "-price == -80",
    "hour(-0.5) == 23", "title == 'Red shoes'", "title == \"Red shoes\"", "title startsWith 'Red'",
    "title contains 'd sh'", "not title contains 'xyz'", "title contains ''", "tags contains 'b'",
    "price in [1, 80]", "'b' in tags", "not price in ['80']", "-1 in [-1]", "exists(price)", "not exists(colour)",
    "new", "new == true", "type == 'view'", "user == 'u1'", "ts == 1700000000000", "item.name == 'shoe'",
    "profile.city in ['Hangzhou', 'Shanghai']", "profile.age * 2 > 59", "not profile.vip", "'a' < 'b'",
    "'it\\'s' == \"it's\"", "true or false and false", "not (true and false)", "exists(profile.age)",
    "count(v) == 5", "count(v.price) == 4", "sum(v.price) == 70", "avg(v.price) == 17.5", "min(v.price) == 10",
    "max(v.price) == 30", "distinct(v.price) == 3", "first(v.price) == 10", "last(v.price) == 10",
    "sum(v.price * 2 + 1) == 144", "v.price == 10", "v.ts == 4000", "max(v.ts) - min(v.ts) == 4000",
    "distinct(day(v.ts)) == 1", "v.type == 'view' and v.user == user",
    "hour(ts) == 22", "weekday(ts) == 2", "day(ts) == 19675",
  ])
  func isTrue(_ text: String) { #expect(holds(text) == true, "\(text)") }

  @Test(arguments: [
    "colour == 'red'", "colour != 'red'", "colour < 5", "colour > 5", "colour in ['red']", "colour contains 'r'",
    "colour", "price == '80' or price < 'a'", "price / 0 == 1", "price / 0 != 1", "title + 1 == 2", "-title == 1",
    "profile.vip == true", "price in colour", "price contains 8", "sum(v.colour) > 0", "min(v.colour) == 0",
    "hour(colour) == 1", "hour(1000000000000000000000000.0) == 1", "title startsWith price",
  ])
  func isFalse(_ text: String) { #expect(holds(text) == false, "\(text)") }

  @Test func calendarFollowsTheZone() {
    let shanghai = Zone(name: "Asia/Shanghai", initialOffset: 8 * 3600)
    #expect(holds("hour(ts) == 6 and weekday(ts) == 3 and day(ts) == 19676", zone: shanghai) == true)
    #expect(holds("weekday(0) == 4 and weekday(-86400000) == 3 and hour(-1) == 23 and day(-1) == -1") == true)
  }

  @Test(arguments: [
    ("price => 5", 7, "'=' is not part of the language"),
    ("price = 5", 7, "write '=='"),
    ("item == 1234567890123456789", 9, "'1234567890123456789'"),
    ("price == 5 && new", 12, "write 'and'"),
    ("price > ", 9, "expected a value, found the end"),
    ("price > 5 price", 11, "expected an operator"),
    ("price not in [1]", 7, "'not' stands in front"),
    ("(price > 5", 11, "expected ')'"),
    ("title == 'Red", 10, "no closing"),
    ("1 < price < 3", 11, "cannot be chained"),
    ("price", 0, ""),
    ("price + 1", 1, "expected a condition, found a number"),
    ("title == 'a' and 5", 18, "expected a condition, found a number"),
    ("5 == 'a'", 6, "a number is never '==' a text"),
    ("price + 'a' > 2", 9, "expected a number, found a text"),
    ("ts - 10m > 5", 6, "600000"),
    ("dayy(ts) == 1", 1, "did you mean 'day'?"),
    ("exists(price > 1)", 14, "expected ')'"),
    ("exists(5)", 8, "exists asks for a property"),
    ("sum(price) > 5", 5, "goes over an alias"),
    ("sum(sum(v.price)) > 5", 5, "cannot stand inside"),
    ("v > 5", 1, "count(v)"),
    ("price in [a, b]", 11, "texts stand in quotes"),
    ("startsWith(title, 'a')", 1, "stands between two values"),
    ("price in 'abc'", 10, "expected a list"),
    ("price.", 6, "a name is missing"),
    ("价格 # 5", 4, "'#' is not part of the language"),
    ("title == 'a\\n'", 12, "means nothing"),
  ])
  func errorsHaveColumns(_ text: String, _ column: Int, _ words: String) {
    var scope = Scope(aliases: ["v"])
    scope.seesEvent = true
    scope.visible = 1
    var diagnostics = Diagnostics()
    // A quoted scalar: its text starts one column after its mark.
    let node = Node(.scalar(text, quoted: true), mark: Mark(file: "r.yaml", line: 3, column: 10))
    let result = Expression.read(node, as: .condition, &scope, .utc, &diagnostics)
    #expect((result == nil) == (column > 0))
    guard column > 0 else { return }
    let told = diagnostics.description
    #expect(told.hasPrefix("r.yaml:3:\(10 + column):"), "\(told)")
    #expect(told.contains(words), "\(told)")
  }

  @Test func hostileTextsAreRefused() {
    #expect(holds(String(repeating: "(", count: 2000)) == nil)
    #expect(holds(String(repeating: "not ", count: 1000) + "true") == nil)
    #expect(holds(String(repeating: "exists(", count: 500)) == nil)
    #expect(holds("true" + String(repeating: " or true", count: 1000)) == nil)
    #expect(holds("ts" + String(repeating: "+1", count: 300) + " > 0") == nil)
    #expect(holds("") == nil)
    var generator = SeededGenerator(seed: 7)
    let pieces = [
      "price", "v.price", "v", "(", ")", "[", "]", ",", "5", "-", "+", "*", "in", "not", "and", "or", "==", "<", "'a'",
      "sum(", "count(", "day(", "exists(", "profile.x", "contains", "true", ".", "1e9", "\\", "'", "é", "\n",
    ]
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined(separator: " ")
      _ = holds(text)
    }
  }

  @Test func audiencesSeeOnlyTheProfile() {
    var diagnostics = Diagnostics()
    let mark = Mark(file: "b.yaml", line: 2, column: 5)
    func read(_ text: String) -> Expression? {
      Expression.condition(
        Node(.scalar(text, quoted: false), mark: mark), scope: .profile, zone: .utc, &diagnostics)
    }
    let audience = read("profile.city in ['Hangzhou'] and profile.age > 20")
    #expect(audience?.holds(profile: profile) == true)
    #expect(audience?.holds(profile: []) == false)
    #expect(audience?.profileProperties == ["city", "age"])
    #expect(read("city == 'x'") == nil)
    #expect(
      diagnostics.description
        == "b.yaml:2:5: error: nothing is called 'city' here (hint: only profile.* is known: profile.city?)")
  }
}
