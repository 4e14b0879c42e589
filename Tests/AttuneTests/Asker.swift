import AttuneModel
import Foundation

/// A sender of another team: asks for reaches in batches, gives some of what it got back, and sends again, under the
/// same ids, what it had no answer for; now and then also what it had.
struct Asker: Sendable {
  /// How many a user may get of each business a day, and of both.
  static let limits = ["tip": 5, "offer": 4]
  static let perDay = 7
  static let users = 20

  /// Whose midnight is hours away: a day that ends during a test proves nothing.
  private static let zone = (12..<20).contains(Int(Date().timeIntervalSince1970) / 3600 % 24) ? "UTC" : "Asia/Shanghai"

  static let policies = """
    zone: \(zone)
    user: { perDay: \(perDay) }
    businesses:
      tip:   { scene: trade, days: 1, times: \(limits["tip"] ?? 0), minGap: 0s }
      offer: { scene: trade, days: 1, times: \(limits["offer"] ?? 0), minGap: 0s }
    """

  struct Reach: Hashable, Sendable {
    var id: String
    var user: String
    var business: String
  }

  struct Notes: Sendable {
    /// Passed and not given back.
    var standing: Set<Reach> = []
    var passed = 0
    var refused = 0
    /// Answers that no client should ever get.
    var surprises: [String] = []

    mutating func merge(_ other: Notes) {
      standing.formUnion(other.standing)
      passed += other.passed
      refused += other.refused
      surprises += other.surprises
    }
  }

  let name: String
  let road: Road

  /// Several at once, over the same users, until all is finished.
  static func ask(_ count: Int, on road: Road, seed: UInt64) async -> Notes {
    await road.travel(count, seed: seed) { await Asker(name: $0, road: road).run($1) }
      .reduce(into: Notes()) { $0.merge($1) }
  }

  private func run(_ generator: SeededGenerator) async -> Notes {
    var random = generator
    var notes = Notes()
    var count = 0
    // However slow the machine: not before limits were at stake.
    while road.phase == .open || road.phase == .finishing && notes.refused < 60 {
      let reaches = (0..<8).map { _ in
        count += 1
        return Reach(
          id: "\(name)-\(count)", user: "u\(Int.random(in: 0..<Self.users, using: &random))",
          business: Bool.random(using: &random) ? "tip" : "offer")
      }
      guard let verdicts = await reserve(reaches, &notes) else { return notes }
      var passed = zip(reaches, verdicts).filter(\.1).map(\.0)
      notes.passed += passed.count
      notes.refused += reaches.count - passed.count
      if random.fraction() < 0.2, !passed.isEmpty, let again = await reserve(passed, &notes), again.contains(false) {
        notes.surprises.append("refused what had passed: \(passed)")
      }
      // So that there always is something to have.
      passed.shuffle(using: &random)
      let kept = passed.prefix(passed.count / 4)
      notes.standing.formUnion(kept)
      guard await settle(passed.dropFirst(kept.count), "release", &notes), await settle(kept, "commit", &notes) else {
        return notes
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return notes
  }

  /// Whether each passed.
  private func reserve(_ reaches: [Reach], _ notes: inout Notes) async -> [Bool]? {
    let body = reaches.map { #"{"id":"\#($0.id)","user":"\#($0.user)","business":"\#($0.business)"}"# }
    guard let results = await deliver("reserve", body, &notes) else { return nil }
    return results.map { $0.pass ?? false }
  }

  private func settle(_ reaches: ArraySlice<Reach>, _ settlement: String, _ notes: inout Notes) async -> Bool {
    if reaches.isEmpty { return true }
    let body = reaches.map { #"{"id":"\#($0.id)","user":"\#($0.user)","settle":"\#(settlement)"}"# }
    return await deliver("settle", body, &notes) != nil
  }

  private struct Answer: Decodable {
    struct Item: Decodable {
      var id: String?
      var pass: Bool?
      var changed: Bool?
    }
    var failed: Int
    var results: [Item]
  }

  /// Until it is answered; nil when the road was closed before, or the answer was none.
  private func deliver(_ what: String, _ items: [String], _ notes: inout Notes) async -> [Answer.Item]? {
    while road.phase != .closed {
      let body = items.joined(separator: "\n")
      if let url = road.url, let reply = try? await Client.post("\(url)/v1/fatigue/\(what)", body) {
        if reply.status == 200, let answer = try? reply.decoded(as: Answer.self), answer.failed == 0 {
          return answer.results
        }
        if ![429, 503].contains(reply.status) {
          notes.surprises.append("\(reply.status): \(String(decoding: reply.body, as: UTF8.self))")
          return nil
        }
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return nil
  }
}
