import AttuneModel

/// Invented events, the same for everybody who follows the same few lines: a state of SplitMix64, and an order of draws.
struct RuleTraffic {
  struct Row: Hashable {
    /// Its number in the order of time.
    var sequence: Int
    /// Epoch milliseconds; strictly rising.
    var at: Int64
    var user: Int
    /// Which of `types`.
    var type: Int
    var item: Int
    /// How late it arrives where events come out of order.
    var delay: Int64
  }

  static let types = ["view", "fav", "chat", "cart", "buy", "share"]
  /// No event arrives later than this after its time.
  static let longestDelay = TimeSpan.seconds(5)

  /// In the order of arrival.
  let rows: [Row]
  let isOutOfOrder: Bool

  init(events: Int, users: Int, seed: UInt64, isOutOfOrder: Bool) {
    self.isOutOfOrder = isOutOfOrder
    var random = SeededGenerator(seed: seed)
    func below(_ n: Int) -> Int { Int(random.next() >> 33) % n }
    var at: Int64 = 1_700_000_000_000
    let rows = (0..<events).map { sequence in
      at += Int64(1 + below(7))
      // A hundredth of the users are hot.
      let user = below(100) < 20 ? below(max(1, users / 100)) : below(users)
      let draw = below(100)
      let type = [60, 72, 82, 90, 95].firstIndex { draw < $0 } ?? 5
      let item = below(20)
      return Row(sequence: sequence, at: at, user: user, type: type, item: item, delay: Int64(below(5000)))
    }
    self.rows =
      isOutOfOrder ? rows.sorted { ($0.at + $0.delay, $0.sequence) < ($1.at + $1.delay, $1.sequence) } : rows
  }

  /// How far behind the latest event time has to stay, so that nothing is late.
  var lateness: TimeSpan {
    TimeSpan(milliseconds: (isOutOfOrder ? Self.longestDelay.milliseconds : 0) + 1)
  }

  /// As rules see them. Of several copies of the types (`view0`, `view1` ...), each event belongs to one.
  func events(copies: Int) -> [Event] {
    rows.map { row in
      let suffix = copies > 1 ? "\(row.sequence % copies)" : ""
      return Event(
        user: String(row.user), name: Self.types[row.type] + suffix, at: Instant(milliseconds: row.at),
        properties: [Property("item", .number(Double(row.item)))])
    }
  }

  /// `seq,ts,user,type,item` of some rows.
  func csv(_ range: Range<Int>) -> String {
    var text = ""
    for row in rows[range] { text += "\(row.sequence),\(row.at),\(row.user),\(Self.types[row.type]),\(row.item)\n" }
    return text
  }
}
