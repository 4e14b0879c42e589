import AttuneModel
import Fatigue
import Reach
import Runtime
import Store
import StoreSQLite
import Testing

/// Late events, the journal and the outbox: what is taken back is not sent, wherever the process dies.
@Suite struct RetractionTests {
  private static func source() throws -> ConfigurationSource {
    var files = Workshop.files
    files["rules/left.yaml"] = """
      rule: left
      pattern: [{ on: cart, as: c }, { not: buy, for: 10m }]
      """
    files["businesses/left.yaml"] = """
      business: left
      scene: trade
      when: left
      fatigue: { days: 1, times: 1, minGap: 0s }
      materials: [{ id: left, title: "Your cart", body: "is still there" }]
      """
    return try ConfigurationFolder.read(files: files)
  }

  private func event(_ name: String, _ user: String, after: TimeSpan) -> Input {
    .event(Event(user: user, name: name, at: Workshop.start + after, properties: []))
  }

  /// A message in the outbox whose cart was bought after all; the purchase comes last.
  private func retracted(_ store: OpenedStore, claimed: Bool = false) throws -> (ledger: Ledger, id: CandidateID) {
    var ledger = try Ledger(recovering: store.journal)
    try ledger.commit(Workshop.batch(.zero, [.configuration(try Self.source())]))
    try ledger.commit(Workshop.batch(.zero, [event("cart", "u1", after: .zero)]))
    let effects = try ledger.commit(Workshop.batch(.minutes(11), [event("view", "u2", after: .minutes(11))]))
    let id = try #require(effects.messages.first?.id)
    if claimed {
      _ = try store.outbox.claim(
        channel: "log", class: .marketing, limit: 9, now: Workshop.start + .minutes(11))
    }
    let late = try ledger.commit(Workshop.batch(.minutes(12), [event("buy", "u1", after: .minutes(5))]))
    #expect(late.withdrawn == [id])
    return (ledger, id)
  }

  @Test(arguments: [false, true]) func isWithheldWithTheBatchThatSaysSo(dies: Bool) async throws {
    try await Workshop.inFolder { folder in
      var store = try SQLiteStore.open(folder)
      var (ledger, id) = try retracted(store)
      if dies {
        let state = ledger.engine.checkpoint()
        try store.close()
        store = try SQLiteStore.open(folder)
        ledger = try Ledger(recovering: store.journal)
        #expect(ledger.engine.checkpoint() == state)
      }
      #expect(try store.outbox.claim(channel: "log", class: .marketing, limit: 9, now: .distantFuture).isEmpty)
      #expect(try store.outbox.withheld().map(\.message.id) == [id])
      #expect(ledger.engine.unsettled == [id], "counted until it is settled")
      let settled = Input.settlement(Settlement(message: id, outcome: .withdrawn))
      try ledger.commit(Workshop.batch(.minutes(13), [settled]))
      #expect(try store.outbox.counts() == OutboxCounts(settled: [.withdrawn: 1]))
      let question = Reservation(id: "r", user: "u1", business: "left")
      #expect(try ledger.engine.check(question, zone: nil, at: Workshop.start).passes, "there is room again")
      let timeline = try Projector(store: store).traces(of: "u1")
      #expect(timeline.map(\.outcome) == [.sent, .retracted])
      #expect(try Projector(store: store).tally().total(.retracted) == 1)
    }
  }

  @Test func whatAChannelHasStaysSent() async throws {
    try await Workshop.inFolder { folder in
      let store = try SQLiteStore.open(folder)
      var (ledger, id) = try retracted(store, claimed: true)
      #expect(try store.outbox.claimed().map(\.message.id) == [id])
      let settled = Input.settlement(Settlement(message: id, outcome: .accepted))
      try ledger.commit(Workshop.batch(.minutes(13), [settled]))
      #expect(try store.outbox.counts() == OutboxCounts(settled: [.accepted: 1]))
      let question = Reservation(id: "r", user: "u1", business: "left")
      #expect(try ledger.engine.check(question, zone: nil, at: Workshop.start).passes == false)
    }
  }
}
