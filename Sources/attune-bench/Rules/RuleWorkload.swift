import AttuneModel
import Rules
import Runtime

/// What is asked of the events: rules that Apache Flink 2.3.0 was given too, and what it answered.
enum RuleWorkload: String, CaseIterable, Codable {
  case ab, count3, absent, omega, rules10
  /// A hundred copies of `rules10`, each over types of its own: an event concerns ten rules of a thousand.
  case rules1000

  var copies: Int { self == .rules1000 ? 100 : 1 }

  /// Whether its keys are pairs of user and item.
  var isByItem: Bool { self == .omega }

  func ruleSet() throws -> RuleSet {
    var diagnostics = Diagnostics()
    let documents = texts.flatMap { YAMLReader.documents($0, file: rawValue, &diagnostics) }
    let rules = RuleSet(reading: documents, zone: .utc, replacing: RuleSet(), at: .distantPast, &diagnostics)
    if !diagnostics.errors.isEmpty { throw diagnostics }
    return rules
  }

  private var texts: [String] {
    switch self {
    case .ab: [Self.pair("view", "buy", 10)]
    case .count3: ["{ rule: count3, pattern: [{ on: view, times: 3 }], within: 10m, skip: pastLast }"]
    case .absent:
      ["{ rule: absent, pattern: [{ on: cart }, { not: buy }], within: 30m, repeat: each, skip: none }"]
    case .omega:
      [
        """
        { rule: omega, key: [user, item], pattern: [{ on: view, times: 3 }, { not: buy }], without: buy, within: 30m,
          repeat: each, skip: pastLast }
        """
      ]
    case .rules10: Self.pairs.map { Self.pair($0, $1, $2) }
    case .rules1000:
      (0..<copies).flatMap { copy in Self.pairs.map { Self.pair("\($0)\(copy)", "\($1)\(copy)", $2) } }
    }
  }

  private static let pairs = [
    ("view", "buy", 10), ("fav", "buy", 10), ("chat", "buy", 10), ("cart", "buy", 10), ("share", "buy", 10),
    ("fav", "chat", 5), ("cart", "chat", 5), ("fav", "cart", 15), ("share", "view", 5), ("chat", "cart", 15),
  ]

  private static func pair(_ first: String, _ second: String, _ minutes: Int) -> String {
    """
    { rule: \(first)-\(second), pattern: [{ on: \(first) }, { then: \(second) }], within: \(minutes)m, skip: none }
    """
  }

  /// What Flink made of a million events of 100,000 users, seed 42, in any order: matches and their checksum.
  var answer: (matches: Int, checksum: UInt64)? {
    switch self {
    case .ab: (118_451, 0xbd35_3d36_1486_64c2)
    case .count3: (87_662, 0x886c_4a44_2e3e_1b11)
    case .absent: (56_873, 0x942e_3aab_abbd_98df)
    case .omega: (28_811, 0xc634_16c7_411d_cf35)
    case .rules10: (313_094, 0xa0eb_c0ff_9eff_6f4d)
    case .rules1000: nil
    }
  }

  /// Events that Flink takes in a second of processor, the most that was measured.
  var flinkRate: Double? {
    switch self {
    case .ab: 44_000
    case .count3: 65_000
    case .absent: 142_000
    case .omega: 49_000
    case .rules10: 10_000
    case .rules1000: nil
    }
  }

  /// How many times Flink's rate is wanted.
  var target: Double? {
    switch self {
    case .ab, .count3, .omega: 50
    case .absent: 30
    case .rules10: 60
    case .rules1000: nil
    }
  }
}
