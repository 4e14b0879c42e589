import AttuneModel
import Codec
import Hummingbird
import Ingest
import Insight
import Materials
import Store

extension API {
  /// `GET /v1/copies?q=WORDS&tag=&scene=&language=&limit=50&after=ID`: by id, or with words the best match first.
  @Sendable func listCopies(_ request: Request, _ context: Context) async throws -> Response {
    let filter = CopyFilter(
      tag: request.query("tag"), scene: request.query("scene"), language: request.query("language"))
    let limit = try request.query("limit", "a whole number") ?? 50
    guard (1...500).contains(limit) else { throw Problem(parameter: "limit", "it is not from 1 to 500") }
    let library = try await copies.library()
    let wanted = try await standings(request.query("q"), in: library).filter { filter.wants($0.copy) }
    var start = 0
    if let after = request.query("after") {
      guard let place = wanted.firstIndex(where: { $0.copy.id == after }) else {
        throw Problem(parameter: "after", "'\(after)' is not among these copies", hint: "send back 'next' as it came")
      }
      start = place + 1
    }
    let page = wanted[start...].prefix(limit)
    return .json(.ok) { json in
      json.member("copies") { json in json.array(page) { json, one in json.object { $0.members(of: one) } } }
      json.member("next", page.endIndex < wanted.endIndex ? page.last?.copy.id : nil)
    }
  }

  private func standings(_ query: String?, in library: CopyLibrary) async throws -> [CopyStanding] {
    guard let query else { return library.standings }
    guard query.utf8.count <= 1000 else { throw Problem(parameter: "q", "it has more than 1000 bytes") }
    let ids = try await blocking { [store] in
      try store.copies.searchCopies(SearchTerms(query), limit: CopyLibrary.limit)
    }
    return ids.compactMap { library[$0] }
  }

  /// `GET /v1/copies/{id}`: with its days, and the prior a campaign would start with.
  @Sendable func getCopy(_ request: Request, _ context: Context) async throws -> Response {
    let library = try await copies.library()
    let standing = try library.standing(of: copyID(context))
    return .json(.ok) { json in
      json.members(of: standing)
      json.member("prior") { $0.write(rate: library.prior(for: standing.copy)) }
      json.days(of: standing.history)
    }
  }

  /// `GET /v1/copies/{id}/similar?limit=10`
  @Sendable func similarCopies(_ request: Request, _ context: Context) async throws -> Response {
    let limit = try request.query("limit", "a whole number") ?? 10
    guard (1...100).contains(limit) else { throw Problem(parameter: "limit", "it is not from 1 to 100") }
    let library = try await copies.library()
    let similar = library.similar(to: try library.standing(of: copyID(context)).copy, limit: limit)
    return .json(.ok) { $0.members(of: similar) }
  }

  /// `POST /v1/copies`: one, a list, or NDJSON; all are taken or none. A copy takes the place of the one with its id.
  @Sendable func postCopies(_ request: Request, _ context: Context) async throws -> Response {
    let format = try request.format()
    let body = try await request.bytes(upTo: settings.bodyLimit)
    let decoded = CopyDecoder().decode(body.readableBytesView, as: format)
    let given = try sound(decoded)
    let at = now()
    let changes = try await copies.change { try $0.saveCopies(given, at: at) }
    return .json(.ok) { json in
      json.member("added", changes.added)
      json.member("changed", changes.changed)
      json.member("unchanged", changes.unchanged)
    }
  }

  private func sound(_ decoded: [Result<LibraryCopy, Refusal>]) throws(Problem) -> [LibraryCopy] {
    var copies: [LibraryCopy] = []
    var refusals: [Refusal] = []
    var places: [String: Int] = [:]
    for (index, result) in decoded.enumerated() {
      switch result {
      case .failure(let refusal): refusals.append(refusal)
      case .success(let copy):
        copies.append(copy)
        guard let first = places.updateValue(index, forKey: copy.id) else { continue }
        refusals.append(
          Refusal(
            .duplicate, pointer: "/\(index)/id", "'\(copy.id)' is given twice", hint: "the other one is item \(first)",
            offset: 0))
      }
    }
    guard let first = refusals.first else {
      if copies.isEmpty { throw Problem(.badRequest, "empty", "there are no copies in it") }
      return copies
    }
    let detail = decoded.count == 1 ? first.message : "nothing was taken; the first error: \(first.message)"
    throw Problem(.badRequest, "nothing-taken", detail, hint: first.hint).with { [refusals] json in
      json.member("errors") { $0.write(refusals.prefix(50)) }
    }
  }

  /// `DELETE /v1/copies/{id}`. What it did stays in the funnel, and is found again under the same id.
  @Sendable func deleteCopy(_ request: Request, _ context: Context) async throws -> Response {
    let id = copyID(context)
    if try await copies.change({ try $0.removeCopies([id]) }) == 0 {
      throw UnknownCopy(id: id, nearest: try await copies.library().nearest(to: id))
    }
    return Response(status: .noContent)
  }

  private func copyID(_ context: Context) -> String { context.parameters.get("id")?.decodedFromPercent ?? "" }
}

extension JSONWriter {
  fileprivate mutating func write(_ refusals: some Sequence<Refusal>) {
    array(refusals) { json, refusal in
      json.object { json in
        json.member("code", refusal.code.rawValue)
        json.member("pointer", refusal.pointer)
        json.member("message", refusal.message)
        json.member("hint", refusal.hint)
      }
    }
  }
}
