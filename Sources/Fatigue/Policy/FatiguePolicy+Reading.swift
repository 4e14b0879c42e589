public import AttuneModel

// Keys: zone, user { perDay, reserve, reservePriority }, scenes { NAME: { times, window } }, origin,
// businesses { NAME: { scene, days, times, minGap, priority, obeys, counts } }.
extension FatiguePolicy {
  /// Reads a whole policy, or what stands under `fatigue:` in attune.yaml, where businesses also come from their own
  /// files.
  ///
  /// - Parameter zone: finds a zone's table by its name; nil when there is no such zone.
  /// - Returns: nil, and what is wrong in `diagnostics`, when it cannot be read.
  public init?(reading node: Node, zone: (String) -> Zone?, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "fatigue", &diagnostics) else { return nil }
    let table = fields.require(
      "zone", &diagnostics, hint: "name the zone whose calendar days count, as in zone: Asia/Shanghai"
    ).flatMap { Self.zone($0, zone, &diagnostics) }
    let user = fields.require(
      "user", &diagnostics, hint: "every user needs a limit a day, as in user: { perDay: 5 }"
    ).flatMap { UserLimit(reading: $0, &diagnostics) }
    let scenes = fields.take("scenes").map { Self.scenes($0, &diagnostics) } ?? [:]
    let businesses = fields.take("businesses").map { Self.businesses($0, &diagnostics) } ?? [:]
    let origin = fields.take("origin").map { $0.integer("origin", in: .min ... .max, &diagnostics) } ?? 0
    fields.finish(&diagnostics)
    guard let table, let user, let origin else { return nil }
    self.init(
      zone: table, user: user, scenes: scenes, businesses: businesses,
      origin: Instant(milliseconds: Int64(origin)))
  }

  private static func zone(_ node: Node, _ zone: (String) -> Zone?, _ diagnostics: inout Diagnostics) -> Zone? {
    guard let name = node.text("the zone", &diagnostics) else { return nil }
    if let table = zone(name) { return table }
    diagnostics.error(node.mark, "there is no zone '\(name)'", hint: "write an IANA name, as Asia/Shanghai")
    return nil
  }

  private static func scenes(_ node: Node, _ diagnostics: inout Diagnostics) -> [String: SceneLimit] {
    limits(node, "scenes", "the name of a scene", &diagnostics) { SceneLimit(reading: $0, scene: $1, &$2) }
  }

  private static func businesses(_ node: Node, _ diagnostics: inout Diagnostics) -> [String: BusinessLimit] {
    limits(node, "businesses", "the name of a business", &diagnostics) {
      BusinessLimit(reading: $0, business: $1, &$2)
    }
  }

  private static func limits<Limit>(
    _ node: Node, _ place: String, _ what: String, _ diagnostics: inout Diagnostics,
    _ read: (Node, String, inout Diagnostics) -> Limit?
  ) -> [String: Limit] {
    guard var fields = Fields(node, place, &diagnostics) else { return [:] }
    var limits: [String: Limit] = [:]
    for entry in fields.takeRest() {
      let key = Node(.scalar(entry.key, quoted: true), mark: entry.keyMark)
      let name = key.name(what, &diagnostics)
      let limit = read(entry.value, entry.key, &diagnostics)
      if let name, let limit { limits[name] = limit }
    }
    return limits
  }
}

extension FatiguePolicy.UserLimit {
  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "user", &diagnostics) else { return nil }
    let perDay = fields.require("perDay", &diagnostics, hint: "how many reaches a user may get a day, all told")
      .flatMap { $0.integer("perDay", &diagnostics) }
    let reserveNode = fields.take("reserve")
    let reserve = reserveNode.map { $0.integer("reserve", &diagnostics) } ?? 0
    let priority = fields.take("reservePriority").map { $0.integer("reservePriority", &diagnostics) }
    fields.finish(&diagnostics)
    if let reserveNode, let reserve, reserve > 0, priority == nil {
      diagnostics.error(
        reserveNode.mark, "reserve keeps slots for nobody without 'reservePriority'",
        hint: "say from which priority on they may be used, as in reservePriority: 8")
      return nil
    }
    guard let perDay, let reserve, let priority = priority ?? 0 else { return nil }
    self.init(perDay: perDay, reserve: reserve, reservePriority: priority)
  }
}

extension FatiguePolicy.SceneLimit {
  init?(reading node: Node, scene: String, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "scene '\(scene)'", &diagnostics) else { return nil }
    let times = fields.require("times", &diagnostics, hint: "how many reaches a window takes")
      .flatMap { $0.integer("times", &diagnostics) }
    let node = fields.require("window", &diagnostics, hint: "how long a window is, as in window: 1d")
    let window = node.flatMap { $0.span("window", &diagnostics) }
    fields.finish(&diagnostics)
    if let node, let window, window <= .zero {
      diagnostics.error(node.mark, "a window of no length limits nothing", hint: "leave the scene out, or write 1d")
      return nil
    }
    guard let times, let window else { return nil }
    self.init(times: times, window: window)
  }
}

extension FatiguePolicy.BusinessLimit {
  /// Reads what stands under `fatigue:` in one business's file: `{ days, times, minGap, obeys, counts }`, the last two
  /// optional. Its scene and priority stand beside it in that file.
  ///
  /// - Returns: nil, and what is wrong in `diagnostics`, when it cannot be read.
  public init?(reading node: Node, scene: String, priority: Int, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "fatigue", &diagnostics) else { return nil }
    self.init(reading: &fields, scene: scene, priority: priority, &diagnostics)
  }

  /// Reads a business of a whole policy, where its scene and priority stand in it too.
  init?(reading node: Node, business: String, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "business '\(business)'", &diagnostics) else { return nil }
    let scene = fields.require("scene", &diagnostics, hint: "every business belongs to one scene, as in scene: feed")
      .flatMap { $0.name("the scene", &diagnostics) }
    let priority = fields.take("priority").map { $0.integer("priority", &diagnostics) } ?? 0
    // Without a scene the rest is read all the same, for its errors.
    self.init(reading: &fields, scene: scene ?? "", priority: priority ?? 0, &diagnostics)
    if scene == nil || priority == nil { return nil }
  }

  private init?(reading fields: inout Fields, scene: String, priority: Int, _ diagnostics: inout Diagnostics) {
    let days = fields.require("days", &diagnostics, hint: "the length of a window, as in days: 7")
      .flatMap { $0.integer("days", in: 1...1_000_000, &diagnostics) }
    let times = fields.require("times", &diagnostics, hint: "how many reaches a window takes, as in times: 3")
      .flatMap { $0.integer("times", &diagnostics) }
    let minGap = fields.require(
      "minGap", &diagnostics, hint: "the least time between two, as in minGap: 4h; 0s for none"
    )
    .flatMap { $0.span("minGap", &diagnostics) }
    let obeys = fields.take("obeys").map { $0.bool("obeys", &diagnostics) } ?? true
    let counts = fields.take("counts").map { $0.bool("counts", &diagnostics) } ?? true
    fields.finish(&diagnostics)
    guard let days, let times, let minGap, let obeys, let counts else { return nil }
    self.init(
      scene: scene, days: days, times: times, minGap: minGap, priority: priority, obeys: obeys, counts: counts)
  }
}
