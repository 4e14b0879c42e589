import API
import AttuneModel
import Codec
import Hummingbird
import Ingest
import Insight
import Materials
import Platform
import Store

/// The library of copies.
struct CopyHandlers: Sendable {
  let shelf: CopyShelf
  let store: OpenedStore
  let work: WorkQueue
  /// Bytes of a request's body.
  let bodyLimit: Int
  let now: @Sendable () -> Instant

  /// By id, or with words the best match first.
  func listCopies(_ call: Call) async throws -> Response {
    let query = call.query
    guard query["q"]?.utf8.count ?? 0 <= 1000 else { throw Problem(parameter: "q", "it has more than 1000 bytes") }
    let search = CopySearch(
      words: query["q"], filter: CopyFilter(tag: query["tag"], scene: query["scene"], language: query["language"]),
      after: query["after"], limit: query.integer("limit") ?? 50)
    let library = try await shelf.library()
    return try await work.run { [store] in
      let (page, next) = try search.page(of: library, in: store.copies)
      return .json(.ok) { json in
        json.member("copies") { json in json.array(page) { json, one in json.object { $0.members(of: one) } } }
        json.member("next", next)
      }
    }
  }

  /// With its days, and the prior a campaign would start with.
  func getCopy(_ call: Call) async throws -> Response {
    let library = try await shelf.library()
    let standing = try library.standing(of: try call.part("id", "copy"))
    return await work.run {
      .json(.ok) { json in
        json.members(of: standing)
        json.member("prior") { $0.write(rate: library.prior(for: standing.copy)) }
        json.days(of: standing.history)
      }
    }
  }

  func listSimilarCopies(_ call: Call) async throws -> Response {
    let limit = call.query.integer("limit") ?? 10
    let library = try await shelf.library()
    let copy = try library.standing(of: try call.part("id", "copy")).copy
    let similar = await work.run { library.similar(to: copy, limit: limit) }
    return .json(.ok) { $0.members(of: similar) }
  }

  /// All are taken or none. A copy takes the place of the one with its id.
  func postCopies(_ call: Call) async throws -> Response {
    let body = try await call.bytes(upTo: bodyLimit)
    let decoded = CopyDecoder(told: CopyBody.readOnly).decode(body.readableBytesView, as: call.format)
    let given = try sound(decoded)
    let at = now()
    let changes = try await shelf.change { try $0.saveCopies(given, at: at) }
    return try .json(
      .ok, CopyChangesAnswer(added: changes.added, changed: changes.changed, unchanged: changes.unchanged))
  }

  private func sound(_ decoded: [Result<LibraryCopy, Refusal>]) throws -> [LibraryCopy] {
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
    let told = refusals.prefix(50).map {
      RefusalAnswer(code: $0.code.rawValue, pointer: $0.pointer, message: $0.message, hint: $0.hint)
    }
    throw try Problem(.badRequest, "nothing-taken", detail, hint: first.hint).with(["errors": told])
  }

  /// What it did stays in the funnel, and is found again under the same id.
  func deleteCopy(_ call: Call) async throws -> Response {
    let id = try call.part("id", "copy")
    if try await shelf.change({ try $0.removeCopies([id]) }) == 0 {
      throw UnknownCopy(id: id, nearest: try await shelf.library().nearest(to: id))
    }
    return Response(status: .noContent)
  }
}
