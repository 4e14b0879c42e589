import AttuneModel
import Fatigue
import Reach
import Runtime
import Testing

/// Other teams ask the one engine: the same limits, in the order of the inputs.
@Suite struct ReservationTests {
  private func verdict(_ answer: ReservationAnswer?) throws -> FatigueVerdict {
    guard case .verdict(let verdict) = answer?.ruling else { throw Diagnostics() }
    return verdict
  }

  @Test func theyShareTheUsersLimitsWithTheEnginesOwn() throws {
    var engine = try Fixture.engine()
    let user = try Fixture.userInRollout()
    let first = engine.live(
      .minutes(1), [Fixture.reserve("a", user), Fixture.reserve("b", user), Fixture.reserve("c", user)])
    #expect(first.answers.map(\.passes) == [true, true, false])
    #expect(try verdict(first.answers[2]).reason == .scene)
    #expect(first.acknowledgements == [.accepted, .accepted, .accepted])
    #expect(first.messages.isEmpty && first.traces.isEmpty && first.decisions.isEmpty)
    _ = engine.live(.minutes(2), [Fixture.event("cart", user, after: .minutes(2))])
    let own = engine.live(.minutes(20))
    #expect(own.traces.first?.reason == "user" || own.traces.first?.reason == "scene", "both are theirs already")
    _ = engine.live(.minutes(21), [Fixture.settle("a", .release, user: user)])
    _ = engine.live(.minutes(22), [Fixture.event("cart", user, after: .minutes(22))])
    #expect(engine.live(.minutes(40)).messages.count == 1, "a slot came back")
    #expect(try verdict(engine.live(.minutes(41), [Fixture.reserve("d", user)]).answers.first).scene?.count == 2)
  }

  /// An id names one reservation of one business, and a released one is free: counted anew, and settled anew.
  @Test func anIdNamesOneReservation() throws {
    var engine = try Fixture.engine()
    let first = engine.live(
      .minutes(1), [Fixture.reserve("a"), Fixture.reserve("a", "u1", "news"), Fixture.reserve("a")])
    #expect(first.answers.map(\.ruling)[1] == .conflict && first.answers.map(\.passes) == [true, false, true])
    #expect(first.acknowledgements == [.accepted, .refused, .accepted])
    #expect(
      first.answers[1].trace(of: Reservation(id: "a", user: "u1", business: "news")).reason
        == FatigueError.conflict.description)
    let count = { (engine: Engine) in
      engine.reachesToday(of: "u1", zone: nil, at: Fixture.start + .minutes(2))
    }
    #expect(count(engine) == 1)
    let second = engine.live(
      .minutes(2), [Fixture.settle("a", .release), Fixture.reserve("a", "u1", "news"), Fixture.settle("a", .commit)])
    #expect(second.answers.map(\.passes) == [true])
    #expect(second.acknowledgements == [.accepted, .accepted, .accepted] && count(engine) == 1)
    #expect(throws: FatigueError.conflict) {
      try engine.check(Reservation(id: "a", user: "u1", business: "orders"), zone: nil, at: Fixture.start + .minutes(3))
    }
    #expect(
      try engine.check(Reservation(id: "a", user: "u1", business: "news"), zone: nil, at: Fixture.start + .minutes(3))
        .passes)
  }

  @Test func whatCannotBeJudgedHoldsUpNoOther() throws {
    var engine = try Fixture.engine()
    let effects = engine.live(
      .minutes(1),
      [
        Fixture.reserve("a", "u1", "nobody's"), Fixture.reserve("b"), Fixture.reserve("c", zone: "Mars/Base"),
        Fixture.event("view", after: .zero), Fixture.reserve("d"),
      ])
    #expect(effects.acknowledgements == [.refused, .accepted, .refused, .accepted, .accepted])
    #expect(effects.answers.map(\.ruling)[0] == .unknownBusiness)
    #expect(effects.answers.map(\.passes) == [false, true, false, true])
    #expect(effects.answers.map(\.ruling)[2] == .unknownZone)
    #expect(effects.tally.total(.reserved) == 2 && effects.tally.total(.refused) == 0)
  }

  /// 2023-11-15 06:13 in Shanghai is still the 14th in New York. Whose day it was is told by when it ends.
  @Test func theDayIsThatOfTheZoneNamedElseOfTheUsersOwn() throws {
    let newYork = try #require(ZoneTables.zone(named: "America/New_York"))
    let shanghai = try #require(ZoneTables.zone(named: "Asia/Shanghai"))
    var engine = try Fixture.engine(changing: ["attune.yaml": settings(perDay: 1)])
    let profile = ProfilePatch(user: "ny", changes: [.init("zone", .string(newYork.name))])
    _ = engine.live(.zero, [.zone(newYork), .zone(shanghai), .profile(profile)])
    for (user, zone, expected) in [
      ("u1", nil, shanghai), ("u2", newYork.name, newYork), ("ny", nil, newYork), ("ny2", shanghai.name, shanghai),
    ] as [(String, String?, Zone)] {
      let effects = engine.live(
        .minutes(1), [Fixture.reserve("\(user) 1", user, zone: zone), Fixture.reserve("\(user) 2", user, zone: zone)])
      let end = expected.start(ofDay: expected.day(Fixture.start) + 1)
      #expect(try verdict(effects.answers[1]).user?.next == end, "\(user) in \(zone ?? "no zone")")
    }
  }

  @Test func anInstantOfItsOwnIsKept() throws {
    var engine = try Fixture.engine()
    let effects = engine.live(
      .hours(3), [Fixture.reserve("a", "u1", "news", after: .hours(1)), Fixture.reserve("b", "u1", "news")])
    #expect(effects.answers.map(\.at) == [Fixture.start + .hours(1), Fixture.start + .hours(3)])
    #expect(effects.answers.map(\.passes) == [true, true], "an hour lies between them")
    #expect(try verdict(effects.answers[1]).gap?.last == Fixture.start + .hours(1))
  }

  @Test func theSameIdCountsOnce() throws {
    var engine = try Fixture.engine()
    let twice = engine.live(.minutes(1), [Fixture.reserve("a"), Fixture.reserve("a"), Fixture.reserve("b")])
    #expect(twice.answers.map(\.passes) == [true, true, true])
    #expect(try verdict(twice.answers[2]).user?.count == 1)
  }

  @Test func settlementsTellWhetherTheyChangedAnything() throws {
    var engine = try Fixture.engine()
    _ = engine.live(.minutes(1), [Fixture.reserve("a"), Fixture.reserve("b")])
    let effects = engine.live(
      .minutes(2),
      [
        Fixture.settle("a", .unknown), Fixture.settle("a", .commit), Fixture.settle("a", .release),
        Fixture.settle("b", .release), Fixture.settle("c", .commit), Fixture.settle("a", .commit, user: "u2"),
      ])
    #expect(effects.acknowledgements == [.accepted, .accepted, .duplicate, .accepted, .duplicate, .duplicate])
    for (stage, count) in [(.taken, 1), (.failed, 1), (.unknown, 1)] as [(Tally.Stage, Int)] {
      #expect(effects.tally.total(stage) { $0.business == "orders" && $0.scene == "trade" } == count, "\(stage)")
    }
    #expect(effects.settled.isEmpty, "the outbox knows nothing of them")
  }

  @Test func erasingFatigueLeavesTheRest() throws {
    var engine = try Fixture.engine()
    let patch = ProfilePatch(user: "u1", changes: [.init("city", .string("Hangzhou"))])
    _ = engine.live(.minutes(1), [.profile(patch), Fixture.reserve("a"), Fixture.reserve("b")])
    let effects = engine.live(.minutes(2), [.eraseFatigue(user: "u1"), Fixture.reserve("c")])
    #expect(try verdict(effects.answers.first).user?.count == 0)
    #expect(engine.profile(of: "u1")?["city"] == .string("Hangzhou"))
  }

  /// What was let through counts, what was refused does not, whatever limits this engine has.
  @Test(arguments: [0, 9])
  func recoveryRepeatsWhatWasAnswered(perDay: Int) throws {
    var engine = try Fixture.engine()
    let inputs = (0..<5).map { Fixture.reserve("r\($0)", "u1", $0 < 2 ? "orders" : "news") }
    let batch = Batch(pace: .live, clock: Fixture.start + .minutes(1), inputs: inputs)
    let answers = engine.handle(batch).answers
    #expect(answers.map(\.passes) == [true, true, true, false, false])
    var other = try Fixture.engine(changing: ["attune.yaml": settings(perDay: perDay)])
    other.apply(batch, record: BatchRecord(answers: answers))
    let reservation = Reservation(id: "next", user: "u1", business: "news")
    let checked = try other.check(reservation, zone: nil, at: Fixture.start + .minutes(2))
    #expect(checked.user?.count == 3)
    #expect(checked.window.count == 1)
    // Fewer answers than reservations: those without one did not happen.
    var cut = try Fixture.engine()
    cut.apply(batch, record: BatchRecord(answers: Array(answers.prefix(1))))
    #expect(try cut.check(reservation, zone: nil, at: Fixture.start).user?.count == 1)
  }

  @Test func checkingCountsNothing() throws {
    var engine = try Fixture.engine()
    let reservation = Reservation(id: "a", user: "u1", business: "orders")
    let state = engine.checkpoint()
    let checked = try engine.check(reservation, zone: nil, at: Fixture.start + .minutes(1))
    #expect(engine.checkpoint() == state)
    #expect(checked == (try verdict(engine.live(.minutes(1), [.reserve(reservation)]).answers.first)))
    #expect(throws: FatigueError.self) {
      try engine.check(Reservation(id: "a", user: "u1", business: "x"), zone: nil, at: Fixture.start)
    }
  }

  @Test func aPolicyCountsFromItsPlaceInTheBatch() throws {
    var engine = try Fixture.engine()
    let moved = try #require(Fixture.files["attune.yaml"]).replacing("orders: { scene: trade", "orders: { scene: feed")
    let effects = engine.live(
      .minutes(1),
      [
        Fixture.reserve("a"), .configuration(try Fixture.source(changing: ["attune.yaml": moved])),
        Fixture.reserve("b", "u2"), Fixture.settle("a", .commit),
      ])
    #expect(effects.answers.map(\.scene) == ["trade", "feed"])
    #expect(effects.tally.total(.reserved) { $0.scene == "trade" } == 1)
    #expect(effects.tally.total(.reserved) { $0.scene == "feed" } == 1)
  }

  @Test func theTallyHasTheDimension() throws {
    var engine = try Fixture.engine()
    let inputs = (0..<4).map { Fixture.reserve("r\($0)") } + (0..<2).map { Fixture.reserve("n\($0)", "u2", "news") }
    let tally = engine.live(.minutes(1), inputs).tally
    let day = Zone(name: "Asia/Shanghai", initialOffset: 28_800).day(Fixture.start)
    var expected = Tally()
    expected.add(Tally.Key(day: day, stage: .reserved, source: .reservation, scene: "trade", business: "orders"), 2)
    expected.add(
      Tally.Key(
        day: day, stage: .refused, source: .reservation, scene: "trade", business: "orders", detail: "fatigue.scene"), 2
    )
    expected.add(Tally.Key(day: day, stage: .reserved, source: .reservation, scene: "feed", business: "news"), 1)
    expected.add(
      Tally.Key(
        day: day, stage: .refused, source: .reservation, scene: "feed", business: "news", detail: "fatigue.gap"), 1)
    #expect(tally == expected)
  }

  @Test func aTraceTellsWhatWasCounted() throws {
    var engine = try Fixture.engine()
    let reservation = Reservation(id: "second", user: "u1", business: "news")
    let answers = engine.live(.minutes(1), [Fixture.reserve("first", "u1", "news"), .reserve(reservation)]).answers
    let trace = answers[1].trace(of: reservation)
    #expect(trace.id == .reservation("second") && trace.outcome == .refused && trace.scene == "feed")
    #expect(trace.filter == "fatigue" && trace.reason == "gap" && trace.next == Fixture.start + .minutes(61))
    #expect(trace.checks.map(\.name) == ["fatigue.user", "fatigue.window", "fatigue.gap"])
    #expect(trace.checks[1].details["count"] == .number(1) && trace.checks[1].details["limit"] == .number(2))
    #expect(answers[0].trace(of: reservation).outcome == .reserved)
    let unknown = ReservationAnswer(at: Fixture.start, ruling: .unknownBusiness).trace(of: reservation)
    #expect(unknown.outcome == .refused && unknown.reason?.contains("'news'") == true)
  }

  private func settings(perDay: Int) -> String {
    (Fixture.files["attune.yaml"] ?? "").replacing("perDay: 3, reserve: 1", "perDay: \(perDay), reserve: 0")
  }
}
