import API
import Codec
import Hummingbird
import Reach

extension ItemStatus {
  init(_ acknowledgement: Acknowledgement) {
    switch acknowledgement {
    case .accepted: self = .accepted
    case .duplicate: self = .duplicate
    case .late: self = .late
    case .unknownMessage: self = .unknownMessage
    case .refused: self = .refused
    }
  }
}

/// The items of a request, and what became of each, in order.
struct TakenItems: Sendable {
  private struct Item {
    var status: ItemStatus
    var refusal: Refusal?
  }

  private let items: [Item]

  /// `acknowledged`: one answer for each item that could be read.
  init<T>(_ decoded: [Result<T, Refusal>], _ acknowledged: [Acknowledgement]) {
    var answers = acknowledged.makeIterator()
    items = decoded.map { result in
      switch result {
      case .success: Item(status: answers.next().map(ItemStatus.init) ?? .refused)
      case .failure(let refusal): Item(status: .refused, refusal: refusal)
      }
    }
  }

  func count(_ status: ItemStatus) -> Int { items.count { $0.status == status } }

  /// 202 if anything was taken in, else 400; both tell of every item.
  /// - Parameter counted: the states that are counted in the answer.
  func response(_ what: String, counted: [ItemStatus]) throws(Problem) -> Response {
    if items.contains(where: \.status.isTaken) { return .json(.accepted) { write(into: &$0, counted) } }
    guard let first = items.first else { throw Problem(.badRequest, "empty", "there are no \(what) in it") }
    let why = first.refusal.map { $0.message } ?? "the message is not, or no longer, known"
    let detail = items.count == 1 ? why : "none of the \(items.count) \(what) was taken in; the first: \(why)"
    throw Problem(.badRequest, "nothing-taken", detail, hint: first.refusal?.hint).with { write(into: &$0, counted) }
  }

  private func write(into json: inout JSONWriter, _ counted: [ItemStatus]) {
    for status in counted { json.member(status.plural, count(status)) }
    json.member("results") { json in
      json.array(items.enumerated()) { json, item in
        json.object { json in
          json.member("index", item.offset)
          json.member("status", item.element.status.rawValue)
          guard let refusal = item.element.refusal else { return }
          json.member("code", refusal.code.rawValue)
          json.member("pointer", refusal.pointer)
          json.member("message", refusal.message)
          json.member("hint", refusal.hint)
        }
      }
    }
  }
}
