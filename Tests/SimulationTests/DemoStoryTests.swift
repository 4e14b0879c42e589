import AttuneModel
import Codec
import Insight
import Testing

@testable import Simulation

@Suite struct DemoStoryTests {
  private func report(broken: Bool) -> TownReport {
    var invariant = Invariant("nothing at night")
    invariant.count(isKept: true, "")
    invariant.count(isKept: !broken, "message 1-1")
    let message = CandidateID(partition: 1, number: 1)
    let trace = Trace(
      id: .candidate(message), at: Instant(milliseconds: 1000), user: "u1", scene: "trade",
      business: "cart-left", origin: .match(rule: "cart-left", version: 1), matched: Instant(milliseconds: 0),
      outcome: .sent,
      material: "zh", choice: "fixed")
    let opened = Receipt(message: message, kind: .opened, at: Instant(milliseconds: 5000))
    var tally = Tally()
    tally.add(Tally.Key(day: 0, stage: .sent, business: "cart-left", detail: "zh"), 1234)
    return TownReport(
      settings: TownSettings(seed: 7, users: 3000), tally: tally,
      people: TownReport.People(users: 3000, reached: 2000, neverReached: 1000, optedOut: 3),
      stories: [
        Story(user: "u1", headline: "opened", zone: .utc, city: "Berlin", traces: [trace], receipts: [opened])
      ], invariants: [invariant], pending: 0, folder: "/somewhere", log: "/somewhere/sent.ndjson")
  }

  @Test func tellsWhatHappened() {
    let text = DemoStory(report(broken: false)).text
    for part in [
      "3,000 people", "(seed 7)", "1,234", "u1, Berlin: opened", "✓ nothing at night (2 checked)", "/somewhere",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(text.contains("1970-01-01 00:00:05  → opened    cart-left"))
  }

  @Test func owesUpToWhatBroke() {
    let broken = report(broken: true)
    #expect(!broken.holds)
    let text = DemoStory(broken).text
    #expect(text.contains("✗ nothing at night: 1 of 2 broken"))
    #expect(text.contains("message 1-1"))
  }

  @Test func json() {
    var json = JSONWriter()
    json.write(report(broken: true))
    #expect(json.text.hasPrefix(#"{"seed":"7","users":3000,"#))
    #expect(json.text.contains(#""holds":false,"checked":2,"violations":1,"examples":["message 1-1"]"#))
  }
}
