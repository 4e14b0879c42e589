import AttuneModel
import Reach
import Testing

/// An opt-out is obeyed whenever it comes and as often as it comes, and counted once.
@Suite struct OptOutTests {
  fileprivate static let user = "ursula-was-here"

  /// An engine with a message to the user, and the one that repeats from the journal what it decides.
  private struct Town {
    var engine: Engine
    var repeated: Engine
    let message: CandidateID
    /// Opt-outs that were counted.
    var counted = 0

    init(changing changes: [String: String?] = [:]) throws {
      engine = try Fixture.engine(changing: changes)
      repeated = engine
      _ = engine.live(.minutes(123), Self.views(0))
      let effects = engine.live(.minutes(160))
      message = try #require(effects.messages.first).id
      #expect(effects.messages.map(\.business) == ["hesitating"])
      repeated = try Engine(checkpoint: engine.checkpoint())
    }

    /// In the morning of a day in Shanghai.
    static func views(_ day: Int64) -> [Input] {
      ([0, 1, 2] as [Int64]).map { Fixture.event("view", OptOutTests.user, after: .minutes(60 * (24 * day + 2) + $0)) }
    }

    mutating func take(_ after: TimeSpan, _ inputs: [Input] = []) throws -> Effects {
      let batch = Batch(pace: .live, clock: Fixture.start + after, inputs: inputs)
      let effects = engine.handle(batch)
      repeated.apply(batch, record: effects.record)
      let bytes = engine.checkpoint()
      #expect(repeated.checkpoint() == bytes)
      engine = try Engine(checkpoint: bytes)
      counted += effects.tally.total(.unsubscribed)
      return effects
    }

    mutating func optOut(_ after: TimeSpan) throws -> [Acknowledgement] {
      try take(after, [.receipt(Receipt(message: message, kind: .unsubscribed, at: Fixture.start))]).acknowledgements
    }

    mutating func put(_ after: TimeSpan, _ name: String, _ value: Value?) throws {
      _ = try take(after, [.profile(ProfilePatch(user: OptOutTests.user, changes: [.init(name, value)]))])
    }

    mutating func erase(_ after: TimeSpan) throws {
      _ = try take(after, [.erase(user: OptOutTests.user)])
      let bytes = engine.checkpoint()
      #expect(!String(decoding: bytes, as: UTF8.self).contains(OptOutTests.user), "the id is nowhere")
    }

    /// Whether a message goes out on that day.
    mutating func isReached(_ day: Int64) throws -> Bool {
      _ = try take(.minutes(60 * (24 * day + 2) + 5), Town.views(day))
      let effects = try take(.hours(24 * day + 4))
      let reason = effects.traces.first { $0.user == OptOutTests.user }
      #expect(effects.messages.isEmpty == (reason?.obstacle == .filter("consent")), "\(effects.traces)")
      return !effects.messages.isEmpty
    }
  }

  @Test func byTheSameMessageAgain() throws {
    var town = try Town()
    #expect(try town.optOut(.hours(3)) == [.accepted])
    #expect(try town.optOut(.hours(3)) == [.duplicate])
    #expect(try !town.isReached(3))
    try town.put(.days(4), "consent", .bool(true))
    #expect(try town.isReached(5))
    #expect(try town.optOut(.days(6)) == [.accepted], "it changes the profile")
    #expect(try !town.isReached(6) && town.engine.profile(of: Self.user)?["consent"] == .bool(false))
    #expect(town.counted == 1)
  }

  @Test(arguments: [8, 30] as [Int64])
  func byAnOldMessage(day: Int64) throws {
    var town = try Town()
    _ = try town.take(.days(day), [])
    #expect(try town.optOut(.days(day)) == [.accepted] && town.counted == 1)
    #expect(town.engine.profile(of: Self.user)?["consent"] == .bool(false))
    #expect(try town.optOut(.days(day)) == [.duplicate])
    #expect(try !town.isReached(day + 1))
    try town.put(.days(day + 2), "consent", .bool(true))
    #expect(try town.isReached(day + 3))
    #expect(try town.optOut(.days(day + 4)) == [.accepted])
    #expect(try !town.isReached(day + 5) && town.counted == 1)
  }

  /// Other receipts of an old message are not counted: nobody knows any more what it was.
  @Test func nothingElseByAnOldMessage() throws {
    var town = try Town()
    _ = try town.take(.days(8))
    let receipt = Receipt(message: town.message, kind: .opened, at: Fixture.start)
    #expect(try town.take(.days(8), [.receipt(receipt)]).acknowledgements == [.unknownMessage])
    #expect(try town.isReached(9))
  }

  @Test func itEndsAtLast() throws {
    let settings = try #require(Fixture.files["attune.yaml"]) + "\ntiming: { optOut: 10d }\n"
    var town = try Town(changing: ["attune.yaml": settings])
    for day in 1...19 as ClosedRange<Int64> { _ = try town.take(.days(day)) }
    #expect(try town.optOut(.days(19)) == [.unknownMessage] && town.counted == 0)
  }

  /// Once within attribution, once long after it.
  @Test(arguments: [0, 20] as [Int64])
  func afterTheUserWasErased(day: Int64) throws {
    var town = try Town()
    try town.erase(.hours(3))
    _ = try town.take(.hours(24 * day + 4))
    #expect(town.engine.profile(of: Self.user) == nil)
    #expect(try town.optOut(.hours(24 * day + 5)) == [.accepted])
    #expect(town.engine.profile(of: Self.user)?["consent"] == .bool(false))
    #expect(try !town.isReached(day + 2) && town.counted == 1)
    try town.put(.days(day + 3), "consent", .bool(true))
    #expect(try town.isReached(day + 4))
  }

  /// What the profile said goes on, of consent and of every topic, and nothing else of it.
  @Test func beforeTheUserWasErased() throws {
    var town = try Town()
    for (name, value) in [("consent", Value.bool(false)), ("topics.carts", .bool(false)), ("topics.news", .bool(true))]
    {
      try town.put(.hours(3), name, value)
    }
    try town.put(.hours(3), "city", .string("Xi'an"))
    try town.erase(.hours(4))
    try town.erase(.hours(5))
    #expect(
      town.engine.profile(of: Self.user)
        == [Property("consent", .bool(false)), Property("topics.carts", .bool(false))])
    #expect(try !town.isReached(3))
    try town.put(.days(4), "consent", nil)
    #expect(try town.isReached(5))
    try town.erase(.days(6))
    #expect(town.engine.profile(of: Self.user) == [Property("topics.carts", .bool(false))])
  }

  /// Erased between decision and settlement: what became of the message is counted all the same, for nobody.
  @Test func whatIsHeardOfAnErasedUsersMessageIsCounted() throws {
    var town = try Town()
    try town.erase(.hours(3))
    let settlement = Settlement(message: town.message, outcome: .accepted, user: Self.user)
    let effects = try town.take(
      .hours(4),
      [
        .settlement(settlement), .settlement(settlement),
        .receipt(Receipt(message: town.message, kind: .opened, at: Fixture.start)),
      ])
    #expect(effects.acknowledgements == [.accepted, .duplicate, .accepted])
    #expect(effects.tally.total(.taken) { $0.business == "hesitating" } == 1 && effects.tally.total(.opened) == 1)
    #expect(town.engine.unsettled.isEmpty && !town.engine.remembersReaches(of: Self.user))
  }
}
