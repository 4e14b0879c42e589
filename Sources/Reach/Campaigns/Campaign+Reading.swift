import AttuneModel
import Learning
import Materials
import Rules

extension Campaign {
  /// Takes a campaign's own keys; those of its business have been taken.
  init?(
    _ fields: inout Fields, name: String, materials: MaterialSet, channels: [String]?, zone: Zone,
    _ diagnostics: inout Diagnostics
  ) {
    let errors = diagnostics.errors.count
    let audience = fields.require(
      "audience", &diagnostics, hint: "audience: everybody, a predicate, { list: [...] } or { file: users.txt }"
    ).flatMap { Self.audience($0, zone, &diagnostics) }
    let holdout = Self.share(fields.take("holdout"), fields.mark, &diagnostics)
    let window = fields.take("window").map { Self.window($0, zone, &diagnostics) }
    let waves = fields.take("waves").map { Waves(reading: $0, &diagnostics) } ?? Waves(share: 0.02, every: .minutes(1))
    let quotas =
      fields.take("quotas").map { QuotaPlan(reading: $0, materials, channels, &diagnostics) } ?? QuotaPlan()
    let goal = fields.take("goal").map { Goal(reading: $0, &diagnostics) }
    let harm = fields.take("harm").map { HarmGuard.Bounds(reading: $0, &diagnostics) } ?? HarmGuard.Bounds()
    if harm?.lift != nil, goal == nil || holdout == 0 {
      diagnostics.error(
        fields.mark, "a lift is measured by a goal, beside users held out: without both 'harm' cannot guard it",
        hint: "goal: { event: order, within: 3d }, holdout: 5%")
    }
    guard diagnostics.errors.count == errors, let audience, let holdout, let waves, let quotas, let harm else {
      return nil
    }
    self.init(
      name: name, audience: audience, holdout: holdout, window: window ?? nil, waves: waves, quotas: quotas,
      goal: goal ?? nil, harm: harm)
  }

  /// Whom it sends nothing to is said, where nobody wrote it.
  private static func share(_ node: Node?, _ mark: Mark, _ diagnostics: inout Diagnostics) -> Double? {
    if let node { return node.share("the holdout", &diagnostics) }
    diagnostics.warning(
      mark, "5% of its users are held out, to compare the others with", hint: "write 'holdout: 5%', or 'holdout: 0%'")
    return 0.05
  }

  private static func audience(_ node: Node, _ zone: Zone, _ diagnostics: inout Diagnostics) -> Audience? {
    if case .scalar(let text, _) = node.content {
      if text == "everybody" { return .profiles(nil) }
      return Expression.condition(node, scope: .profile, zone: zone, &diagnostics).map { .profiles($0) }
    }
    guard var fields = Fields(node, "audience", &diagnostics) else { return nil }
    let (list, file) = (fields.take("list"), fields.take("file"))
    fields.finish(&diagnostics)
    if let list, file == nil {
      let users = list.items.compactMap { $0.text("a user's id", &diagnostics) }
      for (user, item) in zip(users, list.items) where !user.isUserID {
        let isLong = user.utf8.count > String.userIDBytes
        diagnostics.error(
          item.mark,
          isLong
            ? "a user's id has 1 to \(String.userIDBytes) bytes, not \(user.utf8.count)"
            : "a user's id has no line breaks, tabs or other control characters", hint: "as the events have it")
        return nil
      }
      for (user, item) in zip(users, list.items) {
        // In a file they are no part of the id; here each would be a user of its own, whom nobody knows.
        if user.first == " " || user.last == " " {
          diagnostics.error(item.mark, "the user's id '\(user)' has spaces around it", hint: "leave them out")
          return nil
        }
        if user.contains(where: { " ,;".contains($0) }), list.items.count == 1 {
          diagnostics.warning(item.mark, "one user, '\(user)'", hint: "several are written [u1, u2]")
        }
      }
      return users.count == list.items.count ? .list(users) : nil
    }
    if let file, list == nil { return file.text("the name of a file", &diagnostics).map { .file($0) } }
    diagnostics.error(node.mark, "an audience is a list or a file", hint: "{ list: [u1, u2] } or { file: users.txt }")
    return nil
  }

  /// `{ from: 2026-11-11T08:00, until: 2026-11-11T22:00 }`, in the policy's zone; either may be missing.
  private static func window(_ node: Node, _ zone: Zone, _ diagnostics: inout Diagnostics) -> Range<Instant>? {
    guard var fields = Fields(node, "window", &diagnostics) else { return nil }
    let from = fields.take("from").map { instant($0, zone, &diagnostics) } ?? .distantPast
    let until = fields.take("until").map { instant($0, zone, &diagnostics) } ?? .distantFuture
    fields.finish(&diagnostics)
    guard let from, let until else { return nil }
    if from < until { return from..<until }
    diagnostics.error(node.mark, "it ends before it begins")
    return nil
  }

  private static func instant(_ node: Node, _ zone: Zone, _ diagnostics: inout Diagnostics) -> Instant? {
    let parts = (node.scalar ?? "").split(separator: "T", omittingEmptySubsequences: false)
    if parts.count == 2, let day = CivilDate(String(parts[0])), let time = TimeOfDay(parts[1]) {
      return zone.firstInstant(local: day.daysSince1970 * 86_400_000 + time.milliseconds)
    }
    diagnostics.error(node.mark, "expected an instant in \(zone.name)", hint: "write 2026-11-11T08:00")
    return nil
  }
}

extension Campaign.Waves {
  /// Reads `{ share: 2%, every: 1m }`.
  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "waves", &diagnostics) else { return nil }
    let share = fields.take("share").map { $0.share("the share of a wave", &diagnostics) } ?? 0.02
    let every = fields.take("every").map { $0.span("the time between waves", &diagnostics) } ?? .minutes(1)
    fields.finish(&diagnostics)
    guard let share, let every else { return nil }
    if share < 0.0001 || every < .zero {
      diagnostics.error(node.mark, "such waves never reach everybody", hint: "{ share: 2%, every: 1m }")
      return nil
    }
    self.init(share: share, every: every)
  }
}

extension Campaign.Goal {
  /// Reads `{ event: order, within: 3d }`.
  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "goal", &diagnostics) else { return nil }
    let event = fields.require("event", &diagnostics, hint: "goal: { event: order, within: 3d }")?
      .text("the name of an event", &diagnostics)
    let within = fields.take("within").map { $0.span("how long it counts", &diagnostics) } ?? .days(3)
    fields.finish(&diagnostics)
    guard let event, let within else { return nil }
    self.init(event: event, within: within)
  }
}

extension HarmGuard.Bounds {
  /// Reads `{ optOuts: 2%, lift: -1% }`.
  init?(reading node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "harm", &diagnostics) else { return nil }
    let optOuts = fields.take("optOuts").map { $0.share("the share of opt-outs", &diagnostics) }
    let lift = fields.take("lift").map { Self.percent($0, &diagnostics) }
    fields.finish(&diagnostics)
    if case .some(.none) = optOuts { return nil }
    if case .some(.none) = lift { return nil }
    self.init(optOuts: optOuts ?? nil, lift: lift ?? nil)
  }

  private static func percent(_ node: Node, _ diagnostics: inout Diagnostics) -> Double? {
    if let text = node.scalar, let share = Double(percent: text, in: -100...100) { return share }
    diagnostics.error(node.mark, "expected a lift in percent", hint: "write -1%")
    return nil
  }
}

extension QuotaPlan {
  /// Reads `{ total: 60000, copies: { gentle: { max: 10000, min: 500 } }, channels: { push: 50000 } }`.
  init?(reading node: Node, _ materials: MaterialSet, _ channels: [String]?, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "quotas", &diagnostics) else { return nil }
    let errors = diagnostics.errors.count
    self.init()
    total = fields.take("total")?.integer("the total", &diagnostics)
    let ids = materials.all.map(\.id)
    for entry in Self.entries(fields.take("copies"), "copies", among: ids, &diagnostics) {
      guard var limits = Fields(entry.value, "the quota of '\(entry.key)'", &diagnostics) else { continue }
      maxima[entry.key] = limits.take("max")?.integer("the most of it", &diagnostics)
      minima[entry.key] = limits.take("min")?.integer("the least of it", &diagnostics)
      limits.finish(&diagnostics)
      if let most = maxima[entry.key], let least = minima[entry.key], least > most {
        diagnostics.error(entry.keyMark, "'\(entry.key)' must be sent \(least) times, and may only \(most) times")
      }
    }
    for entry in Self.entries(fields.take("channels"), "channels", among: channels, &diagnostics) {
      self.channels[entry.key] = entry.value.integer("the quota of a channel", &diagnostics)
    }
    fields.finish(&diagnostics)
    let least = minima.values.reduce(0, +)
    if let total, least > total {
      diagnostics.error(
        node.mark, "the copies must be sent \(least) times in all, and the total is \(total)",
        hint: "lower a 'min', or raise 'total'")
    }
    if diagnostics.errors.count > errors { return nil }
  }

  private static func entries(
    _ node: Node?, _ what: String, among known: [String]?, _ diagnostics: inout Diagnostics
  ) -> [Node.Entry] {
    guard let node, var fields = Fields(node, what, &diagnostics) else { return [] }
    return fields.takeRest().filter { entry in
      guard let known, !known.contains(entry.key) else { return true }
      let near = nearest(to: entry.key, among: known)
      diagnostics.error(
        entry.keyMark, "there is none of \(what) called '\(entry.key)'",
        hint: near.map { "did you mean '\($0)'?" } ?? "there are \(known.joined(separator: ", "))")
      return false
    }
  }
}
