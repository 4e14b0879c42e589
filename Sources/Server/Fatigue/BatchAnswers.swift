import Codec
import Hummingbird

/// What became of each item of a batch, in order.
struct BatchAnswers<Answer: Sendable>: Sendable {
  struct Item: Sendable {
    /// The sender's own; nil where it gave none, or none could be read.
    var id: String?
    var outcome: Result<Answer, Problem>
  }

  typealias Count = (name: String, isCounted: @Sendable (Answer) -> Bool)
  typealias Members = @Sendable (inout JSONWriter, Answer) -> Void

  let items: [Item]

  /// Asks for an answer to every question that could be read, all at once.
  init<Question>(
    to questions: [Result<Question, Refusal>], id: (Question) -> String,
    ask: ([Question]) async throws -> [Result<Answer, Problem>]
  ) async throws {
    let readable = questions.compactMap { try? $0.get() }
    var answers = (readable.isEmpty ? [] : try await ask(readable)).makeIterator()
    items = questions.map { question in
      switch question {
      case .success(let question):
        let id = id(question)
        return Item(id: id.isEmpty ? nil : id, outcome: answers.next() ?? .failure(.noAnswer))
      case .failure(let refusal): return Item(id: refusal.id, outcome: .failure(Problem(refusal)))
      }
    }
  }

  /// 200 if any item has an answer, else 400; both tell of every item.
  func batch(_ what: String, counting counts: [Count], _ members: @escaping Members) throws(Problem) -> Response {
    let failures = items.lazy.compactMap { item in
      if case .failure(let problem) = item.outcome { problem } else { nil }
    }
    let failed = failures.reduce(0) { count, _ in count + 1 }
    let all: @Sendable (inout JSONWriter) -> Void = { json in
      for count in counts {
        json.member(count.name, items.count { (try? $0.outcome.get()).map(count.isCounted) == true })
      }
      json.member("failed", failed)
      json.member("results") { json in
        json.array(items.enumerated()) { json, item in
          json.object { json in write(item.element, at: item.offset, into: &json, members) }
        }
      }
    }
    if failed < items.count { return .json(.ok, all) }
    guard let first = failures.first else { throw Problem(.badRequest, "empty", "there are no \(what) in it") }
    throw Problem(
      .badRequest, "nothing-done", "none of the \(items.count) \(what) has an answer; the first: \(first.detail)",
      hint: first.hint
    ).with(all)
  }

  private func write(_ item: Item, at index: Int, into json: inout JSONWriter, _ members: Members) {
    switch item.outcome {
    case .success(let answer):
      json.member("id", item.id)
      members(&json, answer)
    case .failure(let problem):
      json.member("index", index)
      json.member("id", item.id)
      json.member("error") { json in
        json.object { json in
          json.member("code", problem.code)
          json.member("message", problem.detail)
          json.member("hint", problem.hint)
          problem.members(&json)
        }
      }
    }
  }
}

extension Problem {
  static let noAnswer = Problem(.internalServerError, "no-answer", "there is no answer to this item")
}
