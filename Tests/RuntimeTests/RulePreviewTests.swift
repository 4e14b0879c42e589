import AttuneModel
import Reach
import Rules
import Runtime
import Store
import StoreSQLite
import Testing

/// What a changed set of rules would have matched on a recorded journal.
@Suite struct RulePreviewTests {
  private static func source(_ changes: [String: String?]) throws -> ConfigurationSource {
    var files = Workshop.files
    for (name, text) in changes { files[name] = text }
    return try ConfigurationFolder.read(files: files)
  }

  private static func twice(_ within: String) -> String {
    """
    rule: twice
    mode: shadow
    pattern: [{ on: buy, as: a, where: "not (profile.city == 'Berlin')" }, { then: buy, as: b }]
    within: \(within)
    """
  }

  private static let inForce = ["rules/twice.yaml": twice("1h"), "rules/old.yaml": shadow("old", "buy")]

  private static func shadow(_ name: String, _ type: String) -> String {
    "rule: \(name)\nmode: shadow\npattern: [{ on: \(type) }]\nwithin: 1h"
  }

  /// A day of purchases, the first five hours of which lie before the window.
  private func recorded(in folder: String, pace: Batch.Pace) throws -> OpenedStore {
    let store = try SQLiteStore.open(folder)
    var ledger = try Ledger(recovering: store.journal)
    func commit(_ after: TimeSpan, _ inputs: [Input]) throws {
      try ledger.commit(Batch(pace: pace, clock: pace == .live ? Workshop.start + after : .distantPast, inputs: inputs))
    }
    try commit(.zero, [.configuration(try Self.source(Self.inForce))])
    try commit(.zero, [.profile(ProfilePatch(user: "berliner", changes: [.init("city", .string("Berlin"))]))])
    for hour: Int64 in 0..<10 {
      var inputs: [Input] = []
      for user in ["u1", "u2", "berliner"] where [3, 6, 8].contains(hour) || user == "u1" && hour > 4 {
        inputs.append(Workshop.buy(user, "x", after: .minutes(hour * 60 + 10), id: "\(user)-\(hour)"))
      }
      try commit(.minutes(hour * 60 + 11), inputs + inputs)
    }
    try commit(.hours(10), [])
    return store
  }

  @Test(arguments: [Batch.Pace.live, .replay])
  func tellsWhatChangesAndHowOftenEachRuleWouldHaveMatched(pace: Batch.Pace) async throws {
    try await Workshop.inFolder { folder in
      let store = try recorded(in: folder, pace: pace)
      let new = try Self.source([
        "rules/twice.yaml": Self.twice("4h"), "rules/fresh.yaml": Self.shadow("fresh", "[buy, view]"),
      ])
      let last: TimeSpan = pace == .live ? .hours(5) : .minutes(4 * 60 + 10)
      let report = try RulePreview.run(new, against: store.journal, last: last)
      #expect(report.events == 5 + 4, "hours 5 to 9 of u1, hours 6 and 8 of the two others, each once")
      typealias Row = RulePreview.Report.Row
      typealias Count = RulePreview.Report.Count
      #expect(
        report.rows == [
          Row(
            change: change("bought", .unchanged, 1, 1), before: Count(matches: 9, users: 3),
            after: Count(matches: 9, users: 3)),
          Row(change: change("fresh", .new, nil, 1), before: nil, after: Count(matches: 9, users: 3)),
          Row(change: change("old", .removed, 1, nil), before: Count(matches: 9, users: 3), after: nil),
          // u1 at 5, 7 and 9, u2 at 6; the first of each began with 3, before the window. Berlin is left out.
          Row(
            change: change("twice", .changed, 1, 2), before: Count(matches: 0, users: 0),
            after: Count(matches: 4, users: 2)),
        ])
      #expect(store.journal.lastSequence == 13, "nothing is written")
    }
  }

  private func change(_ rule: String, _ kind: RuleChange.Kind, _ before: Int?, _ after: Int?) -> RuleChange {
    RuleChange(rule: rule, kind: kind, before: before, after: after)
  }

  @Test func anUnsoundSetIsRefused() async throws {
    try await Workshop.inFolder { folder in
      let store = try recorded(in: folder, pace: .live)
      let broken = try Self.source(["rules/bought.yaml": "rule: bought"])
      #expect(throws: Diagnostics.self) { try RulePreview.run(broken, against: store.journal, last: .hours(1)) }
    }
  }
}
