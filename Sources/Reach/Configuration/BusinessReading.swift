import AttuneModel
import Fatigue
import Materials
import Rules

/// Reads `businesses/*.yaml`, knowing what stands around them.
struct BusinessReading {
  var rules = RuleSet()
  /// Names of rules that are written down, with errors of their own: told once is enough. Nil: any may be.
  var brokenRules: Set<String>? = []
  /// The first is what is not said otherwise. Nil: nobody knows them.
  var channels: [String]? = ["log"]
  var zone = Zone.utc
  var quietHours: QuietHours?
  /// Those that have a limit.
  var scenes: [String] = []

  typealias Limit = FatiguePolicy.BusinessLimit

  func read(_ document: Node, _ diagnostics: inout Diagnostics) -> (Business, Limit)? {
    guard var fields = Fields(document, "a business", &diagnostics) else { return nil }
    let name = fields.require("business", &diagnostics)?.name("a business's name", &diagnostics)
    let rule = fields.require("when", &diagnostics, hint: "the rule whose match proposes a message")
      .flatMap { known(rule: $0, &diagnostics) }
    let valid = validity(fields.take("valid"), &diagnostics)
    let body = read(&fields, name ?? "", rule.map(Proposer.rule), otherwise: .fixed, &diagnostics)
    fields.finish(&diagnostics)
    guard name != nil, let valid, let body else { return nil }
    var (business, limit) = body
    business.valid = valid
    return (business, limit)
  }

  /// A campaign, and the business that it is besides.
  func readCampaign(_ document: Node, _ diagnostics: inout Diagnostics) -> (Campaign, Business, Limit)? {
    guard var fields = Fields(document, "a campaign", &diagnostics) else { return nil }
    let name = fields.require("campaign", &diagnostics)?.name("a campaign's name", &diagnostics)
    guard let (common, limit) = read(&fields, name ?? "", .audience, otherwise: .learned, &diagnostics) else {
      return nil
    }
    var business = common
    let campaign = Campaign(
      &fields, name: business.name, materials: business.materials, channels: channels, zone: zone, &diagnostics)
    fields.finish(&diagnostics)
    guard name != nil, let campaign else { return nil }
    business.holdout = campaign.holdout
    return (campaign, business, limit)
  }

  /// Who proposes candidates for it.
  private enum Proposer {
    case rule(String)
    case audience

    var rule: String? {
      if case .rule(let name) = self { name } else { nil }
    }
  }

  /// What businesses and campaigns have in common. `proposer` is nil where it could not be read.
  private func read(
    _ fields: inout Fields, _ name: String, _ proposer: Proposer?, otherwise: MaterialSet.Method,
    _ diagnostics: inout Diagnostics
  ) -> (Business, Limit)? {
    let scene = fields.require("scene", &diagnostics, hint: "the domain of use it belongs to, as 'scene: trade'")
      .flatMap { known(scene: $0, &diagnostics) }
    let priority = fields.take("priority").map { $0.integer("a priority", in: 0...1000, &diagnostics) } ?? 0
    let limit = fields.require(
      "fatigue", &diagnostics, hint: "every business limits itself: fatigue: { days: 3, times: 2, minGap: 6h }"
    ).flatMap { Limit(reading: $0, scene: scene ?? "", priority: priority ?? 0, &diagnostics) }
    let topic = fields.take("topic").flatMap { $0.name("a topic", &diagnostics) }
    let context = FilterReading(business: name, mark: fields.mark, topic: topic, zone: zone, quietHours: quietHours)
    var filters: [any Filter] = []
    var expires: TimeSpan?
    if let node = fields.take("expires"), let expiry = ExpiryFilter.read(node, context, &diagnostics) {
      filters.append(expiry)
      expires = (expiry as? ExpiryFilter)?.after
    }
    if let list = fields.take("filters") { filters += FilterRegistry.read(list, context, &diagnostics) }
    warnWaiting(filters, expires, fields.mark, &diagnostics)
    let channel = fields.take("channel").map { known(channel: $0, &diagnostics) } ?? (channels ?? ["log"]).first
    let `class` = messageClass(fields.take("class"), &diagnostics)
    let whenUnknown = fields.take("whenUnknown")?
      .choice("what to do without an answer", of: ["atMostOnce", "atLeastOnce"], &diagnostics)
      .map { $0 == "atLeastOnce" ? Message.WhenUnknown.atLeastOnce : .atMostOnce }
    let choose = fields.take("choose")
    if let choose, otherwise == .learned, choose.scalar != MaterialSet.Method.learned.rawValue {
      diagnostics.error(
        choose.mark, "a campaign chooses by what it learns, not '\(choose.scalar ?? "")'",
        hint: "leave 'choose' out; 'learned: { random: 100% }' draws all copies at random")
    }
    // What they may insert is known only when the rule is.
    let materials = fields.require("materials", &diagnostics, hint: "what is said: a list of { id, title, body }")
      .flatMap { list -> MaterialSet? in
        guard let proposer else { return nil }
        checkChannels(list, &diagnostics)
        return MaterialSet(
          reading: list, choose: choose, otherwise: otherwise, known: names(of: proposer.rule), &diagnostics)
      }
    let choice = settings(fields.take("learned"), materials?.method, &diagnostics)
    guard let scene, let priority, let proposer, let limit, let channel, let materials, let choice else { return nil }
    let business = Business(
      name: name, scene: scene, priority: priority, rule: proposer.rule, valid: .distantPast ..< .distantFuture,
      filters: filters, expires: expires, materials: materials,
      choice: materials.method == .learned ? choice : nil, channel: channel, topic: topic,
      whenUnknown: whenUnknown ?? `class`.whenUnknown, class: `class`)
    return (business, limit)
  }

  /// What most are where none is written, or none that there is.
  private func messageClass(_ node: Node?, _ diagnostics: inout Diagnostics) -> Message.Class {
    let name = node?.choice("a class of messages", of: Message.Class.allCases.map(\.name), &diagnostics)
    return Message.Class.allCases.first { $0.name == name } ?? .marketing
  }

  private func settings(
    _ node: Node?, _ method: MaterialSet.Method?, _ diagnostics: inout Diagnostics
  ) -> ChoiceSettings? {
    guard let node else { return ChoiceSettings() }
    if let method, method != .learned {
      diagnostics.error(
        node.mark, "'learned' says how to choose, but the choice is \(method.rawValue)", hint: "write 'choose: learned'"
      )
      return nil
    }
    return ChoiceSettings(reading: node, &diagnostics)
  }

  private func checkChannels(_ list: Node, _ diagnostics: inout Diagnostics) {
    for item in list.items {
      if let node = item["channel"] { _ = known(channel: node, &diagnostics) }
    }
  }

  private func known(rule node: Node, _ diagnostics: inout Diagnostics) -> String? {
    guard let name = node.text("a rule's name", &diagnostics) else { return nil }
    if rules.rules.contains(where: { $0.name == name }) { return name }
    guard let brokenRules, !brokenRules.contains(name) else { return nil }
    let near = nearest(to: name, among: rules.rules.map(\.name))
    diagnostics.error(node.mark, "there is no rule '\(name)'", hint: near.map { "did you mean '\($0)'?" })
    return nil
  }

  /// A scene needs no limit; one that is nearly another's name was likely meant to have it.
  private func known(scene node: Node, _ diagnostics: inout Diagnostics) -> String? {
    guard let name = node.name("a scene's name", &diagnostics) else { return nil }
    if !scenes.contains(name), let near = nearest(to: name, among: scenes) {
      diagnostics.warning(node.mark, "the scene '\(name)' has no limit", hint: "did you mean '\(near)'?")
    }
    return name
  }

  private func known(channel node: Node, _ diagnostics: inout Diagnostics) -> String? {
    guard let name = node.text("a channel's name", &diagnostics) else { return nil }
    guard let channels, !channels.contains(name) else { return name }
    diagnostics.error(
      node.mark, "there is no channel '\(name)'", hint: "attune.yaml names \(channels.joined(separator: ", "))")
    return nil
  }

  /// What the materials may insert besides `user` and the profile; nil for a campaign.
  private func names(of rule: String?) -> [String]? {
    rule.map { rule in rules.rules.first { $0.name == rule }?.emitted ?? [] }
  }

  private func warnWaiting(
    _ filters: [any Filter], _ expires: TimeSpan?, _ mark: Mark, _ diagnostics: inout Diagnostics
  ) {
    guard let expires, let quiet = filters.lazy.compactMap({ $0 as? QuietHoursFilter }).first, !quiet.drops,
      expires < quiet.hours.length
    else { return }
    diagnostics.warning(
      mark, "messages expire after \(expires), but quiet hours may keep them for \(quiet.hours.length)",
      hint: "those put off in the evening will be refused as expired in the morning")
  }

  /// `{ from: 2026-11-01, until: 2026-11-12 }`: days in the policy's zone, `until` excluded.
  private func validity(_ node: Node?, _ diagnostics: inout Diagnostics) -> Range<Instant>? {
    guard let node else { return .distantPast ..< .distantFuture }
    guard var fields = Fields(node, "valid", &diagnostics) else { return nil }
    let from = fields.take("from").map { day($0, &diagnostics) } ?? .distantPast
    let until = fields.take("until").map { day($0, &diagnostics) } ?? .distantFuture
    fields.finish(&diagnostics)
    guard let from, let until else { return nil }
    if from < until { return from..<until }
    diagnostics.error(node.mark, "it ends before it begins")
    return nil
  }

  private func day(_ node: Node, _ diagnostics: inout Diagnostics) -> Instant? {
    if let day = CivilDate(node.scalar ?? "") { return zone.start(ofDay: day.daysSince1970) }
    diagnostics.error(node.mark, "expected a day in \(zone.name)", hint: "write 2026-11-11")
    return nil
  }
}
