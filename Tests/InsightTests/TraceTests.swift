import AttuneModel
import Codec
import Foundation
import Insight
import Testing

@Suite struct TraceTests {
  private func trace(_ outcome: Trace.Outcome) -> Trace {
    Trace(
      id: .candidate(CandidateID(partition: 17, number: 42)), at: Instant(milliseconds: 1_700_000_000_000),
      user: "小\"明\n\u{1}",
      scene: "s", business: "b", origin: .match(rule: "r", version: 2),
      matched: Instant(milliseconds: 1_699_999_999_000),
      outcome: outcome, obstacle: outcome == .sent ? nil : .fatigue(.gap), reason: outcome == .sent ? nil : "gap",
      next: outcome == .sent ? nil : Instant(milliseconds: 1_700_003_600_000), material: "m", choice: "fixed",
      checks: [
        Trace.Check(.filter("consent"), passed: true),
        Trace.Check(
          .fatigue(.gap), passed: outcome == .sent, next: Instant(milliseconds: 1_700_003_600_000),
          details: [Property("minGap", .number(3_600_000)), Property("last", .number(1_700_000_000_000))]),
      ])
  }

  @Test func aLineIsJSONThatOthersRead() throws {
    var json = JSONWriter()
    json.write(trace(.refused))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
    #expect(object["id"] as? String == "17-42")
    #expect(object["user"] as? String == "小\"明\n\u{1}")
    #expect(object["outcome"] as? String == "refused")
    #expect(object["reason"] as? String == "gap")
    #expect(object["next"] as? Int == 1_700_003_600_000)
    #expect(object["material"] is NSNull, "nothing was said")
    let checks = (object["trace"] as? [String: Any])?["checks"] as? [[String: Any]]
    #expect(checks?.map { $0["name"] as? String } == ["consent", "fatigue.gap"])
    #expect(checks?.last?["minGap"] as? Int == 3_600_000)
  }

  @Test func aTimelineTellsWhyAndWhenNext() throws {
    let shanghai = Zone(name: "Asia/Shanghai", initialOffset: 28_800)
    let text = Timeline([trace(.refused), trace(.sent)], in: shanghai).text
    #expect(text.contains("2023-11-15 06:13:20  ○ refused   b by fatigue"))
    #expect(text.contains("gap 1h (last 2023-11-15 06:13:20); could pass from 2023-11-15 07:13:20"))
    #expect(text.contains("● sent      b (m, fixed)"))
  }

  @Test func aTimelineTellsWhatCameOfAMessage() throws {
    func delivered(_ settlement: Settlement) -> TimelineEntry {
      TimelineEntry(
        trace: trace(.sent),
        delivery: JournaledSettlement(settlement: settlement, at: Instant(milliseconds: 1_700_000_000_200)))
    }
    let id = CandidateID(partition: 17, number: 42)
    let accepted = Settlement(
      message: id, outcome: .accepted, user: "u", channel: "log", providerID: "17-42",
      latency: TimeSpan(milliseconds: 118), attempts: 1)
    var failed = Settlement(message: id, outcome: .failed, channel: "apns", code: "badToken", attempts: 3)
    func text(_ settlement: Settlement) -> String { Timeline([delivered(settlement)], in: .utc).text }
    #expect(text(accepted).hasSuffix("\n" + String(repeating: " ", count: 33) + "accepted by log (17-42), 0.12 s"))
    #expect(text(failed).hasSuffix("failed at apns: badToken, 3 attempts"))
    failed.latency = TimeSpan(milliseconds: 4)
    #expect(text(failed).hasSuffix("failed at apns: badToken, 0.004 s, 3 attempts"))
    #expect(text(Settlement(message: id, outcome: .unknown, channel: "a", code: "deadline")).hasSuffix("a: deadline"))
    #expect(text(Settlement(message: id, outcome: .withdrawn)).hasSuffix("withdrawn before it was sent"))
    #expect(text(Settlement(message: id, outcome: .accepted)).hasSuffix(" accepted"), "of an old journal")

    var json = JSONWriter()
    json.write(delivered(accepted))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
    let delivery = try #require(object["delivery"] as? [String: Any])
    #expect(delivery["outcome"] as? String == "accepted" && delivery["channel"] as? String == "log")
    #expect(delivery["at"] as? Int == 1_700_000_000_200 && delivery["latencyMilliseconds"] as? Int == 118)
    #expect(delivery["providerID"] as? String == "17-42" && delivery["code"] is NSNull)
    #expect(delivery["attempts"] as? Int == 1)
  }

  @Test func aReservationIsToldByItsSendersName() throws {
    var passed = trace(.reserved)
    passed.id = .reservation("order-17")
    (passed.origin, passed.obstacle, passed.reason, passed.next) = (.reservation, nil, nil, nil)
    passed.checks = [
      Trace.Check(
        .fatigue(.window), passed: true, details: [Property("count", .number(1)), Property("limit", .number(3))])
    ]
    var refused = trace(.refused)
    refused.id = .reservation("order-18")
    let text = Timeline([passed, refused], in: .utc).text
    #expect(text.contains("● reserved  b (order-17)\n"))
    #expect(text.contains("passed window 1 of 3"))
    #expect(text.contains("○ refused   b (order-18) by fatigue"))
    var json = JSONWriter()
    json.write(passed)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
    #expect(object["id"] as? String == "order-17")
    #expect(object["rule"] is NSNull && object["material"] is NSNull)
    #expect(object["outcome"] as? String == "reserved")
    #expect((object["trace"] as? [String: Any])?.keys.contains("ruleVersion") == false)
  }

  @Test func datesAgreeWithFoundation() {
    var random = SeededGenerator(seed: 3)
    let style = Date.ISO8601FormatStyle().year().month().day()
    for _ in 0..<2000 {
      let day = Int64(random.next() % 60_000) - 10_000
      #expect(Zone.date(day) == Date(timeIntervalSince1970: Double(day) * 86_400).formatted(style), "day \(day)")
    }
  }
}
