import AttuneModel
import Synchronization

/// Where the shoppers find the server at present, and whether they are to go on.
final class Road: Sendable {
  enum Phase { case open, finishing, closed }

  private let state = Mutex<(url: String?, phase: Phase)>((nil, .open))

  var url: String? { state.withLock { $0.url } }
  var phase: Phase { Task.isCancelled ? .closed : state.withLock { $0.phase } }

  func lead(to url: String) { state.withLock { $0.url = url } }
  /// Nothing new; what was begun is brought to its end.
  func finish() { state.withLock { $0.phase = .finishing } }
  /// Nothing more.
  func close() { state.withLock { $0.phase = .closed } }

  /// Several clients at once, each with a name and a generator of its own; what they noted.
  func travel<Notes: Sendable>(
    _ count: Int, seed: UInt64, _ run: @escaping @Sendable (String, SeededGenerator) async -> Notes
  ) async -> [Notes] {
    await withTaskGroup(of: Notes.self) { group in
      for index in 0..<count {
        group.addTask { await run("c\(index)", SeededGenerator(seed: seed &+ UInt64(index))) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }
}

/// A client that posts batches of purchases and views, remembers what became of each, and sends again, under the same
/// ids, what it had no answer for; now and then also what it had.
struct Shopper: Sendable {
  /// Names of bought items.
  struct Notes: Sendable {
    var acknowledged: Set<String> = []
    /// Acknowledged as late: counted, without consequence.
    var late: Set<String> = []
    var unanswered: Set<String> = []
    /// Answers that no client should ever get.
    var surprises: [String] = []

    mutating func merge(_ other: Notes) {
      acknowledged.formUnion(other.acknowledged)
      late.formUnion(other.late)
      unanswered.formUnion(other.unanswered)
      surprises += other.surprises
    }
  }

  let name: String
  let road: Road

  /// Several at once, over the same users, until the road is closed or all is finished.
  static func shop(_ count: Int, on road: Road, seed: UInt64) async -> Notes {
    await road.travel(count, seed: seed) { await Shopper(name: $0, road: road).run($1) }
      .reduce(into: Notes()) { $0.merge($1) }
  }

  private func run(_ generator: SeededGenerator) async -> Notes {
    var random = generator
    var notes = Notes()
    var count = 0
    while road.phase == .open {
      let events = (0..<12).map { _ in
        count += 1
        return (
          item: "\(name)-\(count)", user: "u\(Int.random(in: 0..<25, using: &random))",
          isPurchase: random.fraction() < 0.6
        )
      }
      let body = events.map { Shop.event($0.isPurchase ? "buy" : "view", of: $0.item, by: $0.user) }.joined()
      let statuses = await deliver(body, &notes)
      for (index, event) in events.enumerated() where event.isPurchase {
        switch statuses?[index] {
        case "accepted", "duplicate": notes.acknowledged.insert(event.item)
        case "late": notes.late.insert(event.item)
        case nil: notes.unanswered.insert(event.item)
        case let status?: notes.surprises.append("\(event.item): \(status)")
        }
      }
      if random.fraction() < 0.1, let again = await deliver(body, &notes), again.contains("accepted") {
        notes.surprises.append("taken in twice: \(events.map(\.item))")
      }
      try? await Task.sleep(for: .milliseconds(15))
    }
    return notes
  }

  /// What became of each event; nil when the road was closed before anybody said so.
  private func deliver(_ body: String, _ notes: inout Notes) async -> [String]? {
    while road.phase != .closed {
      if let url = road.url, let reply = try? await Client.post(url + "/v1/events", body) {
        if reply.status == 202, let intake = try? reply.decoded(as: Intake.self), intake.results.count == 12 {
          return intake.results.map(\.status)
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
