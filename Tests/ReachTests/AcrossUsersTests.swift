import AttuneModel
import Reach
import Rules
import Testing

/// Events without a user, and rules whose matches are for somebody else.
@Suite struct AcrossUsersTests {
  private func engine(_ pace: Batch.Pace = .live) throws -> Engine {
    try Fixture.engine(pace, changing: Fixture.acrossUsers)
  }

  private func event(
    _ name: String, _ user: String, after: TimeSpan, item: String = "x", seller: String? = "seller", id: String? = nil
  ) -> Input {
    var properties = [Property("item", .string(item))]
    if let seller { properties.append(Property("seller", .string(seller))) }
    return .event(Event(id: id, user: user, name: name, at: Fixture.start + after, properties: properties))
  }

  @Test func aPriceCutReachesEveryoneWhoLooked() throws {
    var engine = try engine()
    let users = (0..<20).map { "u\($0)" }
    _ = engine.live(.zero, users.map { event("view", $0, after: .zero, item: $0 < "u5" ? "x" : "y", seller: nil) })
    let cut = event("cut", "", after: .minutes(1), id: "c1")
    let effects = engine.live(.minutes(2), [cut, cut])
    #expect(effects.acknowledgements == [.accepted, .duplicate], "taken once, for all users together")
    #expect(effects.tally.total(.accepted) == 1 && effects.tally.total(.duplicate) == 1)
    let told = effects.messages.filter { $0.business == "price-cut" }.map(\.user)
    #expect(told.sorted() == users.filter { $0 < "u5" }.sorted())
    #expect(engine.live(.minutes(3), [cut]).acknowledgements == [.duplicate])
    #expect(engine.live(.minutes(5)).messages.isEmpty, "each looked once, so each is told once")
  }

  @Test func anEventWithoutUserStartsNothingAndCancelsLate() throws {
    var engine = try engine()
    _ = engine.live(.zero, [event("cart", "u1", after: .zero), event("cut", "", after: .zero)])
    _ = engine.live(.minutes(5), [event("view", "u2", after: .minutes(5), item: "z")])
    let late = engine.live(.minutes(6), [event("buy", "", after: .minutes(3))])
    #expect(late.acknowledgements == [.late] && late.tally.total(.late) == 1)
    let effects = engine.live(.hours(1))
    #expect(!effects.traces.contains { $0.business == "unsold" }, "it was sold after all")
  }

  @Test func aMatchAcrossUsersGoesToItsAddressee() throws {
    var engine = try engine()
    let views = (0..<3).map { event("view", "u\($0)", after: .seconds($0)) }
    let effects = engine.live(.minutes(1), views + views.map { $0 })
    #expect(effects.messages.map(\.user) == ["seller"])
    #expect(effects.messages.map(\.business) == ["popular"])
    #expect(effects.tally.total(.matched) { $0.rule == "popular" } == 1)
    #expect(effects.traces.first?.matched == Fixture.start + .seconds(2))
  }

  @Test func aMatchForNobodyIsCountedAndGoesNoFurther() throws {
    var engine = try engine()
    let effects = engine.live(
      .minutes(1), (0..<3).map { event("view", "u\($0)", after: .seconds($0), seller: nil) })
    #expect(effects.tally.total(.matched) == 1)
    #expect(effects.traces.isEmpty)
  }

  @Test func duplicatesCountOnceAcrossUsersToo() throws {
    var engine = try engine()
    let view = event("view", "u1", after: .zero, id: "v")
    let effects = engine.live(
      .minutes(1),
      [view, view, event("cart", "u1", after: .seconds(1), id: "c"), event("cart", "u1", after: .seconds(1), id: "c")])
    #expect(effects.acknowledgements == [.accepted, .duplicate, .accepted, .duplicate])
    #expect(effects.tally.total(.matched) { $0.rule == "chatted" } == 1)
  }

  /// Everything of one instant has its order, and time stands where it should between partitions.
  @Test func matchesAreDecidedInTheOrderOfTheirInstants() throws {
    var engine = try engine(.replay)
    var inputs: [Input] = [event("cart", "u1", after: .zero, item: "a")]
    inputs += (0..<3).map { event("view", "v\($0)", after: .seconds(300 + $0), item: "b") }
    inputs += [event("buy", "seller", after: .minutes(7)), event("view", "late", after: .minutes(30), item: "c")]
    let traces = engine.replay(inputs).traces.filter { $0.user == "seller" }
    #expect(traces.map(\.business) == ["popular", "thanks", "unsold"])
    #expect(traces.map { $0.at - Fixture.start } == [.seconds(302), .minutes(7), .minutes(10)])
  }

  /// The match waits for who looked before; it is decided when it comes about, whatever its instant.
  @Test(arguments: [Batch.Pace.live, .replay]) func aMatchHeldBackIsDecidedWhenItIsReleased(_ pace: Batch.Pace) throws {
    var engine = try engine(pace)
    let inputs = [
      event("view", "u1", after: .zero), event("view", "u2", after: .seconds(10)),
      event("cart", "u2", after: .seconds(20)), event("view", "u3", after: .minutes(7), item: "y"),
    ]
    var effects: [Effects] = []
    if pace == .replay {
      effects = [engine.replay(inputs)]
    } else {
      effects = [engine.live(.minutes(1), Array(inputs.dropLast())), engine.live(.minutes(6))]
      #expect(!effects[0].traces.contains { $0.origin.rule == "won" })
    }
    let trace = try #require(effects.flatMap(\.traces).first { $0.origin.rule == "won" })
    #expect(trace.matched == Fixture.start + .seconds(20))
    #expect(trace.at == Fixture.start + .minutes(pace == .replay ? 5 : 6))
  }

  @Test func anErasedUserIsForgottenInKeysToo() throws {
    var engine = try engine()
    _ = engine.live(.zero, (0..<2).map { event("view", "u\($0)", after: .zero) })
    _ = engine.live(.seconds(30), [.erase(user: "u1")])
    #expect(engine.live(.minutes(2), [event("view", "u3", after: .minutes(1))]).messages.isEmpty, "u0 and u3")
  }

  @Test func withoutSuchRulesNothingIsHeldOfThem() throws {
    var engine = try engine()
    _ = engine.live(.zero, [event("cart", "u1", after: .zero)])
    _ = engine.live(.seconds(5), [.configuration(try Fixture.source())])
    _ = engine.live(.seconds(6), [.configuration(try Fixture.source(changing: Fixture.acrossUsers))])
    #expect(!engine.live(.hours(1)).traces.contains { $0.business == "unsold" }, "a removed rule's attempts are gone")
  }

  /// A changed rule's open attempts finish under their version; `reset` drops them, in the journal as in life.
  @Test(arguments: [false, true]) func resetDropsWhatIsOpen(reset: Bool) throws {
    var engine = try engine()
    var changed = Fixture.acrossUsers
    changed["rules/unsold.yaml"] = (Fixture.acrossUsers["rules/unsold.yaml"] ?? nil)?.replacing("10m", with: "20m")
    changed["rules/cart-left.yaml"] = Fixture.files["rules/cart-left.yaml"]?.replacing("10m", with: "20m")
    _ = engine.live(.zero, [event("cart", "u1", after: .zero), event("view", "u2", after: .zero)])
    let publication = Batch(
      pace: .live, clock: Fixture.start + .seconds(5),
      inputs: [.configuration(try Fixture.source(changing: changed), reset: reset)])
    var recovered = try Engine(checkpoint: engine.checkpoint())
    let record = engine.handle(publication).record
    recovered.apply(try Batch(decoding: publication.encoded()), record: record)
    #expect(recovered.checkpoint() == engine.checkpoint())
    let matched = engine.live(.hours(1), [event("cut", "", after: .minutes(30))]).tally
    #expect(matched.total(.matched) { $0.rule == "unsold" } == (reset ? 0 : 1))
    #expect(matched.total(.matched) { $0.rule == "cart-left" } == (reset ? 0 : 1))
    #expect(matched.total(.matched) { $0.rule == "price-cut" } == 1, "an unchanged rule goes on")
  }

  /// Divided by users and keys, the engine finds what one matcher of all rules finds in the same stream.
  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func dividedAsWhole(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func below(_ n: Int) -> Int { Int(random.next() % UInt64(n)) }
    let source = try Fixture.source(changing: Fixture.acrossUsers)
    var diagnostics = Diagnostics()
    let rules = try #require(CompiledConfiguration(source, at: Fixture.start, &diagnostics)).rules
    var stream = RuleStream(rules: rules)
    var outputs: [RuleStream.Output] = []
    var engine = try engine(.replay)
    var tally = Tally()
    for number in 0..<600 {
      // Some of them late.
      let at = Fixture.start + .seconds(Int64(number * 20 - (below(10) == 0 ? below(900) : 0)))
      let name = ["view", "view", "cart", "buy", "cut"][below(5)]
      let event = Event(
        user: name == "cut" || below(20) == 0 ? "" : "u\(below(9))", name: name, at: at,
        properties: [Property("item", .string("i\(below(4))")), Property("seller", .string("s\(below(3))"))])
      stream.send(event, into: &outputs)
      tally.merge(engine.replay([.event(event)]).tally)
    }
    stream.finish(into: &outputs)
    tally.merge(engine.replay([.endOfTime]).tally)
    for rule in rules.rules.map(\.name) {
      let expected = outputs.count { if case .match(let match) = $0 { match.rule == rule } else { false } }
      #expect(expected > 0 && tally.total(.matched) { $0.rule == rule } == expected, "seed \(seed), \(rule)")
      let takenBack = outputs.count { if case .retracted(let match) = $0 { match.rule == rule } else { false } }
      #expect(tally.total(.retracted) { $0.rule == rule } == takenBack, "seed \(seed), \(rule)")
    }
    let late = outputs.count { if case .late = $0 { true } else { false } }
    #expect(late > 0 && tally.total(.late) == late, "seed \(seed)")
  }
}
