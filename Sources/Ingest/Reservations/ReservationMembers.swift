import AttuneModel
import Codec

/// The members of one object about a reach, before they are known to suffice.
struct ReservationMembers {
  var id: String?
  /// Whether the id came as an integer.
  private(set) var idIsInteger = false
  var user: String?
  var business: String?
  var zone: String?
  var at: Instant?
  var settle: FatigueSettlement?
  /// Where the value of `policy` lies, whatever it is.
  private(set) var policy: Range<Int>?
  /// Where the object begins.
  let start: Int
  /// A name that was passed over, and may be a misspelt one.
  private var others: [String] = []

  static let ofReservation = ["id", "user", "business", "zone", "at"]
  static let ofSettlement = ["id", "user", "settle"]

  /// - Parameter known: the members it may have; nil lets others pass.
  init(
    from scanner: inout JSONScanner, _ what: String, limits: Limits, now: Instant?, known: [String]? = nil
  ) throws(Refusal) {
    try scanner.enterObject(what)
    start = scanner.position - 1
    try scanner.members { key, scanner throws(Refusal) in
      if let known, !known.contains(key) { return try scanner.unknown(key, .refused, among: known) }
      try read(key, from: &scanner, limits, now)
    }
  }

  /// The id alone, whatever stands beside it.
  static func id(from scanner: inout JSONScanner) throws(Refusal) -> String? {
    try scanner.enterObject("an item")
    var isFirst = true
    while let key = try scanner.nextKey(&isFirst) {
      if key == "id" { return try scanner.identifier(key, upTo: Limits.reservations.idBytes) }
      try scanner.skip()
    }
    return nil
  }

  private mutating func read(
    _ key: String, from scanner: inout JSONScanner, _ limits: Limits, _ now: Instant?
  ) throws(Refusal) {
    let start = scanner.position
    switch key {
    case "id":
      idIsInteger = try scanner.kind() == .number
      try once(&id, key, start, scanner.identifier(key, upTo: limits.idBytes))
    case "user": try once(&user, key, start, scanner.identifier(key, upTo: limits.userBytes))
    case "business": try once(&business, key, start, scanner.name(key, upTo: limits.nameBytes))
    case "zone": try once(&zone, key, start, scanner.name(key, upTo: limits.nameBytes))
    case "at": try once(&at, key, start, instant(from: &scanner, limits, now))
    case "settle": try once(&settle, key, start, outcome(from: &scanner))
    case "policy": try once(&policy, key, start, value(from: &scanner))
    default:
      if others.count < 8 { others.append(key) }
      try scanner.skip()
    }
  }

  private func instant(
    from scanner: inout JSONScanner, _ limits: Limits, _ now: Instant?
  ) throws(Refusal) -> Instant? {
    let isNumber = try scanner.kind() == .number
    let start = scanner.position
    let instant = try scanner.instant("at")
    guard let at = instant, let now else { return instant }
    guard at >= .earliestReach else {
      throw Refusal(
        .absurdTime, "at is \(at.milliseconds) ms, before 1973-03-03",
        hint: isNumber ? "seconds? the unit is milliseconds" : nil, offset: start)
    }
    try scanner.check(at, "at", now: now, skew: limits.skew, at: start)
    return at
  }

  private func value(from scanner: inout JSONScanner) throws(Refusal) -> Range<Int>? {
    _ = scanner.peek()
    let start = scanner.position
    try scanner.skip()
    return start..<scanner.position
  }

  private func outcome(from scanner: inout JSONScanner) throws(Refusal) -> FatigueSettlement? {
    let start = scanner.position
    guard let text = try scanner.name("settle", upTo: 100) else { return nil }
    guard let outcome = FatigueSettlement.allCases.first(where: { $0.name == text }) else {
      let near = nearest(to: text, among: FatigueSettlement.allCases.map(\.name))
      throw Refusal(
        .invalid, "'\(text)' is no settlement",
        hint: near.map { "did you mean '\($0)'?" } ?? "one of commit, release, unknown", offset: start)
    }
    return outcome
  }

  func reservation(needsID: Bool = true) throws(Refusal) -> Reservation {
    let id = needsID ? try require(id, "id", "the sender's own name for it, text or an integer") : id ?? ""
    return Reservation(
      id: id, user: try user("say whom to reach"),
      business: try require(business, "business", "say for which business"), zone: zone, at: at)
  }

  func settlement() throws(Refusal) -> ReservationSettlement {
    ReservationSettlement(
      id: try requiredID(), user: try user("say who was to be reached"),
      settlement: try require(settle, "settle", "one of commit, release, unknown"))
  }

  func requiredID() throws(Refusal) -> String {
    try require(id, "id", "the sender's own name for it, text or an integer")
  }

  private func user(_ hint: String) throws(Refusal) -> String {
    try require(user, "user", hint + ", text or an integer")
  }

  func require<T>(_ value: T?, _ member: String, _ hint: String) throws(Refusal) -> T {
    if let value { return value }
    throw .missing(member, hint, others: others, at: start)
  }
}

extension FatigueSettlement {
  var name: String {
    switch self {
    case .commit: "commit"
    case .release: "release"
    case .unknown: "unknown"
    }
  }
}

extension Instant {
  /// 1973-03-03T09:46:40Z: what is earlier as milliseconds is a sender's seconds, up to the year 5138.
  fileprivate static let earliestReach = Instant(milliseconds: 100_000_000_000)
}
