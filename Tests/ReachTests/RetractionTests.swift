import AttuneModel
import Fatigue
import Reach
import Testing

/// What a late event takes back of absences that fired too early.
@Suite struct RetractionTests {
  private static let unlimited = "fatigue: { days: 1, times: 1, minGap: 0s }"

  private func engine(filters: String = "", mode: String = "live", attune: String = "") throws -> Engine {
    try Fixture.engine(changing: [
      "attune.yaml": (Fixture.files["attune.yaml"] ?? "") + "\n" + attune,
      "rules/cart-left.yaml": (Fixture.files["rules/cart-left.yaml"] ?? "") + "\nmode: \(mode)",
      "businesses/cart-left.yaml": mode == "live"
        ? """
        business: cart-left
        scene: trade
        when: cart-left
        \(Self.unlimited)
        \(filters)
        materials: [{ id: cart, title: "Your cart", body: "{{item}}" }]
        """ : nil,
    ])
  }

  /// A cart left at 0 whose absence fires at 10 minutes; the clock is moved on by others' events.
  private func fired(_ engine: inout Engine) -> Effects {
    _ = engine.live(.zero, [Fixture.event("cart", after: .zero)])
    return engine.live(.minutes(11), [Fixture.event("view", "u2", after: .minutes(11))])
  }

  private func lateBuy(_ engine: inout Engine, after: TimeSpan = .minutes(12)) -> Effects {
    engine.live(after, [Fixture.event("buy", after: .minutes(5))])
  }

  @Test func anUnsentMessageIsWithdrawnAndMakesRoom() throws {
    var engine = try engine()
    let message = try #require(fired(&engine).messages.first)
    let effects = lateBuy(&engine)
    #expect(effects.acknowledgements == [.late])
    #expect(effects.withdrawn == [message.id])
    #expect(effects.traces.map(\.outcome) == [.retracted] && effects.traces.first?.reason == "unsettled")
    #expect(effects.tally.total(.retracted) { $0.business == "cart-left" && $0.detail == "unsettled" } == 1)
    #expect(effects.decisions.map(\.outcome) == [.retracted])
    // Counted until the outbox says that it was in time.
    let reservation = Reservation(id: "r", user: "u1", business: "cart-left")
    #expect(try engine.check(reservation, zone: nil, at: Fixture.start).passes == false)
    let settled = engine.live(.minutes(13), [.settlement(Settlement(message: message.id, outcome: .withdrawn))])
    #expect(settled.tally.total(.withdrawn) == 1)
    #expect(try engine.check(reservation, zone: nil, at: Fixture.start).passes)
    #expect(lateBuy(&engine, after: .minutes(14)).withdrawn.isEmpty, "it is retracted once")
  }

  @Test func aSentMessageStaysSent() throws {
    var engine = try engine()
    let message = try #require(fired(&engine).messages.first)
    _ = engine.live(.minutes(12), [.settlement(Settlement(message: message.id, outcome: .accepted))])
    let effects = lateBuy(&engine)
    #expect(effects.withdrawn.isEmpty)
    #expect(effects.traces.map(\.reason) == ["settled"])
    let reservation = Reservation(id: "r", user: "u1", business: "cart-left")
    #expect(try engine.check(reservation, zone: nil, at: Fixture.start).passes == false)
  }

  @Test func whatWasPutOffIsNeverSent() throws {
    // 06:13 at the start: quiet until 08:00.
    var engine = try engine(filters: "filters: [quietHours]")
    #expect(fired(&engine).traces.map(\.outcome) == [.deferred])
    #expect(engine.pending == 1)
    var recovered = try Engine(checkpoint: engine.checkpoint())
    let batch = Batch(
      pace: .live, clock: Fixture.start + .minutes(12), inputs: [Fixture.event("buy", after: .minutes(5))])
    let effects = engine.handle(batch)
    #expect(effects.traces.map(\.reason) == ["deferred"] && effects.withdrawn.isEmpty)
    recovered.apply(batch, record: try BatchRecord(decoding: effects.record.encoded()))
    #expect(recovered.checkpoint() == engine.checkpoint())
    #expect(engine.pending == 0)
    #expect(engine.live(.hours(3)).messages.isEmpty)
  }

  @Test func recoveryTakesBackOnlyWhatWasTakenBack() throws {
    var engine = try engine(filters: "filters: [quietHours]")
    _ = fired(&engine)
    let batch = Batch(
      pace: .live, clock: Fixture.start + .minutes(12), inputs: [Fixture.event("buy", after: .minutes(5))])
    engine.apply(batch, record: BatchRecord())
    #expect(engine.pending == 1, "the build that wrote the journal did not")
  }

  @Test func afterAnHourItIsTooLate() throws {
    var engine = try engine()
    _ = fired(&engine)
    _ = engine.live(.minutes(71), [Fixture.event("view", "u2", after: .minutes(71))])
    let effects = lateBuy(&engine, after: .minutes(72))
    #expect(effects.acknowledgements == [.late] && effects.traces.isEmpty)
  }

  @Test func howLongIsConfigured() throws {
    var engine = try engine(attune: "rules: { retraction: 2h, attempts: 5 }")
    _ = fired(&engine)
    _ = engine.live(.minutes(71), [Fixture.event("view", "u2", after: .minutes(71))])
    #expect(lateBuy(&engine, after: .minutes(72)).withdrawn.count == 1)
  }

  @Test func aShadowMatchIsOnlyCounted() throws {
    var engine = try engine(mode: "shadow")
    #expect(fired(&engine).tally.total(.matched) == 1)
    let effects = lateBuy(&engine)
    #expect(effects.tally.total(.retracted) { $0.rule == "cart-left" && $0.business.isEmpty } == 1)
    #expect(effects.traces.isEmpty)
  }

  @Test func aMatchAcrossUsersIsTakenBackFromItsAddressee() throws {
    var engine = try Fixture.engine(changing: Fixture.acrossUsers.merging(["businesses/cart-left.yaml": nil]) { $1 })
    func event(_ name: String, _ user: String, after: TimeSpan) -> Input {
      let properties = [Property("item", .string("x")), Property("seller", .string("s"))]
      return .event(Event(user: user, name: name, at: Fixture.start + after, properties: properties))
    }
    _ = engine.live(.zero, [event("cart", "u1", after: .zero)])
    // Quiet hours put it off.
    _ = engine.live(.minutes(11), [event("view", "u2", after: .minutes(11))])
    #expect(engine.pending == 1)
    let effects = engine.live(.minutes(12), [event("buy", "u3", after: .minutes(5))])
    #expect(effects.traces.map(\.user) == ["s"] && effects.traces.map(\.outcome) == [.retracted])
    #expect(engine.pending == 0)
  }
}
