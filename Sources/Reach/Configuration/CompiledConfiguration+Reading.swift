public import AttuneModel
import Fatigue
import Materials
import Rules

extension CompiledConfiguration {
  /// Checks and compiles a whole folder. Nil if there is any error; warnings are told either way.
  ///
  /// `previous` is what it replaces: unchanged rules keep their version. `at` is when it takes effect. `reset` drops the
  /// open attempts of replaced versions. `unread` are its files that could not be read: nobody can say of others that
  /// what they name is missing.
  ///
  /// For what is wrong something sound stands in, so that all mistakes are told, and each of them once.
  public init?(
    _ source: ConfigurationSource, replacing previous: CompiledConfiguration = CompiledConfiguration(),
    reset: Bool = false,
    at: Instant, unread: UnreadFiles = [],
    _ diagnostics: inout Diagnostics
  ) {
    let before = diagnostics.errors.count
    var reading = BusinessReading()
    if let settings = source.settings {
      read(settings, source.zones, &reading, &diagnostics)
    } else if unread.contains(.settings) {
      reading.channels = nil
      reading.quietHours = .standIn
    } else {
      diagnostics.error(
        Mark(file: "attune.yaml", line: 1, column: 1), "there is no attune.yaml",
        hint: "it says at least 'fatigue: { zone: Asia/Shanghai, user: { perDay: 5 } }'")
      return nil
    }
    use(
      RuleSet(
        reading: source.rules, zone: fatigue.zone, replacing: previous.rules, reset: reset, at: at,
        &diagnostics))
    reading.rules = rules
    reading.brokenRules =
      unread.contains(.rules) ? nil : Self.names(of: source.rules).subtracting(rules.rules.map(\.name))
    // Businesses of other teams stand in the policy itself: the engine proposes nothing for them.
    var marks = source.settings.map { Self.marksOfBusinesses(inFatigueOf: $0) } ?? [:]
    for document in source.businesses {
      guard let (business, limit) = reading.read(document, &diagnostics) else { continue }
      if let first = marks.updateValue(document.mark, forKey: business.name) {
        diagnostics.error(
          document.mark, "there is a business '\(business.name)' already, in \(first.file), line \(first.line)",
          hint: "rename one of them")
        continue
      }
      businesses[business.name] = business
      self.fatigue.businesses[business.name] = limit
    }
    read(campaigns: source.campaigns, reading, &marks, &diagnostics)
    route()
    if diagnostics.errors.count > before { return nil }
    // What is wrong or was not read may use them.
    if unread.isEmpty { warnUnused(source, &diagnostics) }
  }

  /// `attune.yaml`, and what others need of it.
  private mutating func read(
    _ settings: Node, _ zones: [Zone], _ reading: inout BusinessReading, _ diagnostics: inout Diagnostics
  ) {
    let before = diagnostics.errors.count
    guard var fields = Fields(settings, "attune.yaml", &diagnostics) else {
      reading.channels = nil
      reading.quietHours = .standIn
      return
    }
    let fatigue = fields.require("fatigue", &diagnostics, hint: "fatigue: { zone: Asia/Shanghai, user: { perDay: 5 } }")
      .flatMap { FatiguePolicy(reading: $0, zone: { name in zones.first { $0.name == name } }, &diagnostics) }
    if let fatigue { self.fatigue = fatigue }
    reading.zone = self.fatigue.zone
    reading.scenes = Self.scenes(inFatigueOf: settings)
    reading.quietHours = fields.take("quietHours").map { Self.quietHours($0, &diagnostics) ?? .standIn }
    if let timing = fields.take("timing").flatMap({ Timing(reading: $0, &diagnostics) }) { self.timing = timing }
    if let limits = fields.take("rules").flatMap({ Matcher.Limits(reading: $0, &diagnostics) }) { self.limits = limits }
    let channels = fields.take("channels").map { Self.channels($0, &diagnostics) }
    // Read by the server, and by the door, which alone know them.
    _ = (fields.take("server"), fields.take("storage"), fields.take("ingest"))
    fields.finish(&diagnostics)
    // What is missing may be what is misspelt.
    let isWrong = diagnostics.errors.count > before
    if isWrong, reading.quietHours == nil { reading.quietHours = .standIn }
    reading.channels = channels ?? (isWrong ? nil : reading.channels)
  }

  private mutating func read(
    campaigns documents: [Node], _ reading: BusinessReading, _ marks: inout [String: Mark],
    _ diagnostics: inout Diagnostics
  ) {
    for document in documents {
      // What it names of the library is looked up when it is launched.
      let document = document.namesCopies ? document.standingIn(&diagnostics) : document
      guard let (campaign, business, limit) = reading.readCampaign(document, &diagnostics) else { continue }
      if let first = marks.updateValue(document.mark, forKey: business.name) {
        diagnostics.error(
          document.mark, "'\(business.name)' is taken already, in \(first.file), line \(first.line)",
          hint: "a campaign is a business, too: name it otherwise")
        continue
      }
      campaigns[campaign.name] = campaign
      businesses[business.name] = business
      fatigue.businesses[business.name] = limit
    }
  }

  private mutating func route() {
    let order = businesses.values.sorted { ($1.priority, $0.name) < ($0.priority, $1.name) }
    for business in order {
      if let rule = business.rule { routes[rule, default: []].append(business) }
    }
    for campaign in campaigns.values.sorted(by: { $0.name < $1.name }) {
      if let goal = campaign.goal { goals[goal.event, default: []].append(campaign.name) }
    }
  }

  private func warnUnused(_ source: ConfigurationSource, _ diagnostics: inout Diagnostics) {
    for rule in rules.rules where routes[rule.name] == nil && rule.mode == .live {
      diagnostics.warning(
        rule.mark, "no business listens to the rule '\(rule.name)'",
        hint: "write 'when: \(rule.name)' in a business, or 'mode: shadow' in the rule")
    }
    let scenes = Set(fatigue.businesses.values.map(\.scene))
    for name in fatigue.scenes.keys.sorted() where !scenes.contains(name) {
      let mark = source.settings?.mark ?? Mark(file: "attune.yaml", line: 1, column: 1)
      diagnostics.warning(mark, "the scene '\(name)' has a limit but no business")
    }
  }

  private static func quietHours(_ node: Node, _ diagnostics: inout Diagnostics) -> QuietHours? {
    guard var fields = Fields(node, "quietHours", &diagnostics) else { return nil }
    defer { fields.finish(&diagnostics) }
    return QuietHours.read(&fields, &diagnostics)
  }

  /// The names that rules give themselves, sound or not.
  private static func names(of documents: [Node]) -> Set<String> {
    Set(documents.compactMap { $0["rule"]?.scalar })
  }

  /// The scenes that have a limit, sound or not.
  private static func scenes(inFatigueOf settings: Node) -> [String] {
    guard case .mapping(let entries) = settings["fatigue"]?["scenes"]?.content else { return [] }
    return entries.map(\.key)
  }

  private static func marksOfBusinesses(inFatigueOf settings: Node) -> [String: Mark] {
    let businesses = settings["fatigue"]?["businesses"]
    guard case .mapping(let entries) = businesses?.content else { return [:] }
    return Dictionary(entries.map { ($0.key, $0.keyMark) }) { first, _ in first }
  }

  private static func channels(_ node: Node, _ diagnostics: inout Diagnostics) -> [String] {
    guard var fields = Fields(node, "channels", &diagnostics) else { return [] }
    return fields.takeRest().map(\.key)
  }
}

extension CompiledConfiguration.Timing {
  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "timing", &diagnostics) else { return nil }
    self.init()
    if let span = fields.take("lateness")?.span("the lateness", &diagnostics) { lateness = span }
    if let span = fields.take("deduplication")?.span("how long ids are remembered", &diagnostics) {
      deduplication = span
    }
    if let span = fields.take("attribution")?.span("how long messages are remembered", &diagnostics) {
      attribution = span
    }
    if let span = fields.take("optOut")?.span("how long users can opt out by a message", &diagnostics) { optOut = span }
    fields.finish(&diagnostics)
  }
}

extension Matcher.Limits {
  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "rules", &diagnostics) else { return nil }
    self.init()
    if let span = fields.take("retraction")?.span("how long a match can be taken back", &diagnostics) {
      retraction = span
    }
    if let count = fields.take("attempts")?.integer("the most open attempts of a key", in: 1...100_000, &diagnostics) {
      attempts = count
    }
    fields.finish(&diagnostics)
  }
}
