import API
import AttuneModel
import Codec
import Fatigue
import Hummingbird
import Ingest
import Insight
import NIOCore
import Reach
import Runtime

/// Fatigue for the senders of others. Not to pass is an answer too: 200.
struct ReachHandlers: Sendable {
  let driver: Driver
  /// Bytes of a request's body.
  let bodyLimit: Int
  let now: @Sendable () -> Instant

  /// Whether a reach would pass now; nothing is counted.
  func checkReaches(_ call: Call) async throws -> Response {
    try await judge(call, ReservationDecoder(needsID: false, others: .refused)) { try await driver.check($0) }
  }

  /// The same, and what passes counts, in one step. Answered when it is durable.
  func reserveReaches(_ call: Call) async throws -> Response {
    try await judge(call, ReservationDecoder(others: .refused)) { try await driver.reserve($0) }
  }

  /// How reservations ended. Answered when it is durable.
  func settleReaches(_ call: Call) async throws -> Response {
    let bytes = try await call.bytes(upTo: bodyLimit)
    let body = SettlementDecoder(others: .refused).decode(bytes.readableBytesView, as: call.format)
    if let only = try body.only {
      let isChanged = try await driver.settle([only]).first ?? false
      return try .json(.ok, SettlementAnswer(id: only.id, changed: isChanged))
    }
    let answers = try await BatchAnswers(to: try questions(in: body), id: \.id) { settlements in
      try await driver.settle(settlements).map(Result.success)
    }
    return try answers.batch("settlements", counting: [("changed", { $0 }), ("unchanged", { !$0 })]) {
      $0.member("changed", $1)
    }
  }

  private func judge(
    _ call: Call, _ decoder: ReservationDecoder,
    ask: ([Reservation]) async throws -> [Result<FatigueVerdict, FatigueError>]
  ) async throws -> Response {
    let bytes = try await call.bytes(upTo: bodyLimit)
    let body = decoder.decode(bytes.readableBytesView, as: call.format, now: now())
    if let only = try body.only {
      switch try await ask([only]).first {
      case .success(let verdict):
        return .json(.ok) { json in
          json.member("id", only.id.isEmpty ? nil : only.id)
          json.members(of: verdict)
        }
      case .failure(let error): throw Problem(error, of: only, try await knownBusinesses())
      case nil: throw Problem.noAnswer
      }
    }
    let answers = try await BatchAnswers(to: try questions(in: body), id: \.id) { reservations in
      try await explained(try await ask(reservations), reservations)
    }
    return try answers.batch("candidates", counting: [("passed", { $0.passes }), ("refused", { !$0.passes })]) {
      $0.members(of: $1)
    }
  }

  private func questions<Item>(in body: Body<Item>) throws(Problem) -> [Result<Item, Refusal>] {
    let limit = Limits.reservations.items
    guard body.items.count <= limit else {
      throw Problem(
        .contentTooLarge, "too-many", "more than \(limit) items; nothing was done",
        hint: "send them in several requests"
      )
    }
    return body.items
  }

  /// Says of what cannot be judged what may have been meant.
  private func explained(
    _ verdicts: [Result<FatigueVerdict, FatigueError>], _ reservations: [Reservation]
  ) async throws -> [Result<FatigueVerdict, Problem>] {
    let isSound = verdicts.allSatisfy { if case .success = $0 { true } else { false } }
    let businesses = isSound ? [] : try await knownBusinesses()
    return zip(verdicts, reservations).map { verdict, reservation in
      verdict.mapError { Problem($0, of: reservation, businesses) }
    }
  }

  /// In the order of their names. Without policies there is nobody to ask for.
  private func knownBusinesses() async throws -> [String] {
    let (isConfigured, names) = await driver.read {
      ($0.source != nil, $0.configuration.fatigue.businesses.keys.sorted())
    }
    if isConfigured { return names }
    throw Problem(noPolicies: .conflict)
  }
}

extension Body {
  /// Of a request that is one item: that. Nil for a batch, also of one.
  fileprivate var only: Item? {
    get throws(Refusal) { isSingle ? try items.first?.get() : nil }
  }
}

extension Problem {
  /// - Parameter businesses: those there are.
  fileprivate init(_ error: FatigueError, of reservation: Reservation, _ businesses: [String]) {
    switch error.code {
    case .unknownBusiness:
      let near = nearest(to: reservation.business, among: businesses).map { "did you mean '\($0)'?" }
      let few = "the policies have " + businesses.prefix(8).joined(separator: ", ")
      self.init(
        .notFound, "unknown-business", error.description,
        hint: near ?? (few + (businesses.count > 8 ? ", ..." : "")))
    case .conflict:
      self.init(
        .conflict, "id-in-use", error.description,
        hint: "an id names one reservation; send a new one, or the same user and business again")
    case .unknownZone:
      self.init(
        .badRequest, "unknown-zone", error.description, hint: reservation.zone.map(ZoneTables.hint(for:)))
    }
  }
}
