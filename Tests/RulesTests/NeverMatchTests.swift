import AttuneModel
import Testing

@testable import Rules

/// What loads and could never match is told; what is nobody's id reaches nobody.
@Suite struct NeverMatchTests {
  private func told(_ condition: String, step: String = "on: view, as: p") -> String {
    read("{rule: r, within: 1h, pattern: [{\(step), where: \"\(condition)\"}, {then: buy}]}").told
  }

  @Test(arguments: [
    ("price != null", "'null' is no constant here (hint: write a property that is missing or null: not exists(price))"),
    ("price == nil", "'nil' is no constant here"), ("price == undefined", "'undefined' is no constant here"),
    ("vip == True", "'True' is no constant here (hint: write true)"),
    ("FALSE", "'FALSE' is no constant here (hint: write false)"),
    ("event == 'buy'", "no property is called 'event': that is the event's type (hint: write type)"),
    ("id == 'e1'", "no property is called 'id'"), ("exists(id)", "no property is called 'id'"),
    ("user in [12345]", "a text is never a number, as 12345 in the list is (hint: texts stand in quotes: '12345')"),
    ("user in ['a', true]", "a text is never a condition, as true in the list is"),
    ("ts in ['1']", "a number is never a text, as '1' in the list is (hint: only texts stand in quotes)"),
    ("price * 2 in [4, 'x']", "a number is never a text, as 'x' in the list is"),
    ("[1, 2] contains type", "a text is never a number, as 1 in the list is"),
    ("price in []", "nothing is in an empty list"),
    ("1 > 2", "this never holds: it compares constants only"), ("'a' in ['b']", "this never holds"),
    (
      "type == 'video'",
      "no event of this step has the type 'video' (hint: a property called 'type' cannot be asked for"
    ),
    ("type in ['x', 'y']", "no event of this step has the type 'x', 'y'"),
    ("p.price > 5", "'p' is this very step, whose event's properties stand alone (hint: write price)"),
    ("hour() > 5", "hour() says nothing of what (hint: write hour(ts))"),
    ("weekday() > 5", "(hint: write weekday(ts))"), ("sum() > 5", "(hint: write sum(v.price))"),
    ("count() > 5", "(hint: write count(v))"), ("exists()", "(hint: write exists(price))"),
    ("item-id == 'x'", "'item-id' is read as 'item' minus 'id': a name in an expression has no '-'"),
    (
      "item-key > 5",
      "'item-key' is read as 'item' minus 'key': a name in an expression has no '-' (hint: send it as 'item_key'"
    ),
  ])
  func isTold(_ condition: String, _ message: String) {
    let told = told(condition)
    #expect(told.contains(message), "\(told)")
    #expect(told.hasPrefix("rule.yaml:1:"), "\(told)")
  }

  @Test(arguments: [
    "user in ['12345']", "price in [1, 'x']", "type == 'view'", "type in ['view', 'x']", "price - cost > 5",
    "shop.price-item.price > 1",
    "2 > 1", "true", "nullable == 'x'", "profile.id == 'x' and price in ['1']", "hour(ts) in [1, 2]",
  ])
  func isFine(_ condition: String) { #expect(told(condition) == "", "\(told(condition))") }

  @Test func keysAndEmissions() {
    #expect(read("{rule: r, key: [item_id], pattern: [{on: a}]}").told.contains("to: item_id") == false)
    #expect(read("{rule: r, key: [item_id], pattern: [{on: a}]}").told.contains("or add user: key: [user, item_id]"))
    #expect(read("{rule: r, key: [user, event], pattern: [{on: a}]}").told.contains("no property is called 'event'"))
    #expect(read("{rule: r, key: item, to: id, pattern: [{on: a}]}").told.contains("no property is called 'id'"))
    let dash = read("{rule: r, pattern: [{on: a, as: v}], emit: {item: v.item-id}}").told
    #expect(dash.contains("nothing is called 'id' here (hint: 'v.item-id' is read as 'v.item' minus 'id'"), "\(dash)")
  }

  /// Whom the matches of a rule are for.
  private func users(_ rule: String, _ events: [Event]) -> [String] {
    var bench = Bench(ruleSet(rule))
    for event in events { bench.send(event) }
    bench.finish()
    return bench.matches.map(\.user)
  }

  @Test func aNumberNamesAUserByItsDigits() {
    let numbers: [Value] = [.number(77), .number(9_007_199_254_740_991), .number(7.5), .bool(true)]
    let events = numbers.enumerated().map { event("chat", Int64($0.offset), ["seller": $0.element]) }
    #expect(users("{rule: r, to: seller, pattern: [{on: chat}]}", events) == ["77", "9007199254740991", "", ""])
    #expect(
      users("{rule: r, key: seller, to: seller, pattern: [{on: chat}]}", events) == ["77", "9007199254740991", "", ""])
    let own = [
      event("chat", 0, user: "77", ["seller": .number(77)]), event("chat", 1, user: "78", ["seller": .number(77)]),
      event("chat", 2, user: "ann", ["seller": .string("ann")]),
    ]
    #expect(users("{rule: r, pattern: [{on: chat, where: seller == user}]}", own) == ["77", "ann"])
    #expect(users("{rule: r, pattern: [{on: chat, where: user != seller}]}", own) == ["78"])
    let later = own + [event("buy", 5, user: "77", ["buyer": .number(77)])]
    #expect(
      users("{rule: r, within: 1h, pattern: [{on: chat, as: c}, {then: buy, where: buyer == c.user}]}", later) == ["77"]
    )
  }

  @Test func whatEventsRefuseIsNobody() {
    let ids = ["ann", "", "a\nb", String(repeating: "x", count: 257), String(repeating: "x", count: 256)]
    let events = ids.enumerated().map { event("chat", Int64($0.offset), ["seller": .string($0.element)]) }
    #expect(users("{rule: r, to: seller, pattern: [{on: chat}]}", events) == ["ann", "", "", "", ids[4]])
  }

  /// `é` as one scalar and as two: different bytes, and different everywhere.
  @Test func oneMeaningOfEquality() {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    let events = [composed, decomposed, composed].enumerated().map {
      event("view", Int64($0.offset), ["item": .string($0.element)])
    }
    func matches(_ rule: String) -> Int { users(rule, events).count }
    #expect(matches("{rule: r, pattern: [{on: view, where: item == '\(composed)'}]}") == 2)
    #expect(matches("{rule: r, pattern: [{on: view, where: item != '\(composed)'}]}") == 1)
    #expect(matches("{rule: r, pattern: [{on: view, where: \"item in ['\(decomposed)']\"}]}") == 1)
    #expect(matches("{rule: r, pattern: [{on: view, where: item startsWith '\(composed)'}]}") == 2)
    #expect(matches("{rule: r, pattern: [{on: view, where: item > '\(composed)'}]}") == 0)
    #expect(matches("{rule: r, key: [user, item], within: 1h, pattern: [{on: view, times: 2}]}") == 1)
    #expect(
      matches("{rule: r, within: 1h, having: distinct(v.item) == 2, pattern: [{on: view, as: v, times: 3}]}") == 1)
    #expect(matches("{rule: r, within: 1h, pattern: [{on: view, times: 2, same: item}]}") == 1)
    #expect(matches("{rule: r, within: 1h, pattern: [{on: view, times: 3, distinct: item}]}") == 0)
  }
}
