import AttuneModel
import Testing

/// Bytes of format 6, in which an empty rule stood for all that no rule had proposed.
@Suite struct FormatSixTests {
  private func trace(_ id: Trace.ID, rule: String, filter: String?, reason: String?) throws -> Trace {
    var writer = ByteWriter()
    writer.write(id)
    writer.write(Instant(milliseconds: 5))
    for text in ["u", "s", "b", rule] { writer.write(text) }
    writer.write(rule.isEmpty ? 0 : 4)
    writer.write(Instant(milliseconds: 4))
    writer.write(Trace.Outcome.refused)
    writer.write(filter)
    writer.write(reason)
    writer.write(nil as Instant?)
    writer.write(nil as String?)
    writer.write(nil as String?)
    writer.write([] as [Trace.Check])
    return try Trace(decoding: writer.bytes, format: 6)
  }

  @Test func anEmptyRuleOfACandidateIsACampaign() throws {
    let id = Trace.ID.candidate(CandidateID(partition: 1, number: 2))
    let ruled = try trace(id, rule: "r", filter: "fatigue", reason: "window")
    #expect(ruled.origin == .match(rule: "r", version: 4) && ruled.obstacle == .fatigue(.window))
    #expect(ruled.filter == "fatigue" && ruled.reason == "window")
    let campaign = try trace(id, rule: "", filter: "consent", reason: "no")
    #expect(campaign.origin == .campaign && campaign.obstacle == .filter("consent"))
    #expect(try trace(id, rule: "", filter: "choice", reason: nil).obstacle == .choice)
    #expect(try trace(.reservation("x"), rule: "", filter: "fatigue", reason: "gap").origin == .reservation)
  }

  @Test(
    arguments: [
      (Tally.Stage.accepted, "", "", nil), (.matched, "r", "", .rule("r")), (.routed, "", "", .campaign),
      (.reserved, "", "", .reservation), (.refused, "", "fatigue.window", .reservation),
      (.refused, "", "consent", .campaign), (.taken, "", "", .reservation), (.taken, "", "gentle", .campaign),
      (.sent, "r", "gentle", .rule("r")),
    ] as [(Tally.Stage, String, String, Origin.Source?)])
  func countsFindTheirSource(stage: Tally.Stage, rule: String, detail: String, source: Origin.Source?) throws {
    let business = stage == .accepted ? "" : "b"
    var writer = ByteWriter()
    writer.write(Int64(3))
    writer.write(stage)
    for text in [rule, "s", business, detail] { writer.write(text) }
    let key = try Tally.Key(decoding: writer.bytes, format: 6)
    #expect(key.source == source && key.business == business && key.detail == detail)
  }
}
