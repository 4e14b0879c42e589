import AttuneModel
import Codec
import Insight
import Learning

/// What a dialogue came to.
struct DialogueTally {
  enum Source: String { case probabilities = "p", beliefs, both }

  /// Values kept for the bound; beyond there is none.
  static let mostValues = 50_000_000

  let arms: Int
  let quotas: Quotas?
  var rewards = 0
  var clicks = 0
  var errors = 0
  private var rounds = 0
  private var sends: [Int]
  private var value = 0.0
  private var values: [Float] = []
  private var source: Source?

  init(arms: Int, _ quotas: Quotas?) {
    self.arms = arms
    self.quotas = quotas
    sends = [Int](repeating: 0, count: arms)
  }

  mutating func count(_ values: [Double], _ arm: Int?, from source: Source) {
    rounds += 1
    if let arm {
      sends[arm] += 1
      value += values[arm]
    }
    self.source = self.source.map { $0 == source ? source : .both } ?? source
    if self.values.count < Self.mostValues { for value in values { self.values.append(Float(value)) } }
  }

  func write(into json: inout JSONWriter, _ allocator: Allocator) {
    let bound = bound(allocator)
    json.object { json in
      json.member("rounds", rounds)
      json.member("sends", .list(sends.map { .number(Double($0)) }))
      json.member("held", rounds - sends.reduce(0, +))
      json.member("rewards", rewards)
      json.member("clicks", clicks)
      json.member("errors", errors)
      if quotas != nil {
        // Above 0 only where the dialogue ended early.
        json.member("owed", allocator.allowance.owed)
        json.member("prices", .list(allocator.costs.map { .number($0) }))
      }
      json.member("value", .number(value))
      json.member("bound", .number(bound ?? .nan))
      json.member("ratio", .number(bound.map { $0 > 0 ? value / $0 : 1 } ?? .nan))
      json.member("boundFrom", source?.rawValue)
    }
  }

  /// Nil where too much was to be kept, or where quotas were left unmet: nobody could have met them either.
  private func bound(_ allocator: Allocator) -> Double? {
    guard values.count == rounds * arms, allocator.allowance.owed == 0 else { return nil }
    let bound = HindsightBound(values: values, quotas: allocator.quotas).value
    // The rest that its smoothing leaves where nothing can be had, and what values lose by being kept as floats.
    let most = values.reduce(0) { $0 + max(0, Double($1)) }
    return bound < 1e-5 * most ? value : max(bound, value)
  }
}
