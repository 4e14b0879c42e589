public import AttuneModel
public import Learning

/// One way of saying it.
public struct Material: Hashable, Sendable {
  /// Unique within its business.
  public let id: String
  /// What the message says, with places for values.
  public let title: Template
  public let body: Template
  /// Its share of a weighted choice, relative to the others; 0 switches it off there.
  public let weight: Double

  /// Carries it instead of its business's channel.
  public let channel: String?
  /// What was believed of its click rate before anybody saw it; nil for nothing in particular.
  public let prior: Beta?

  /// Characters of a rendered title; what is longer is cut.
  public static let titleLimit = 200
  /// Sends that a prior is worth, at least.
  static let leastPrior = 0.1
  /// Of a prior; the greatest is as far from 1.
  static let leastRate = 0.000_001
  /// Characters of a rendered body.
  public static let bodyLimit = 2000
}

extension Material {
  /// Reads `{ id, title, body, weight, channel, prior: { rate, sends } }`. `known` are the names that the rule emits, nil
  /// where there is none; `user` and `profile.*` are
  /// always there.
  init?(reading node: Node, known: [String]?, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "a material", &diagnostics) else { return nil }
    if fields.has("copy") {
      diagnostics.error(
        node.mark, "only a campaign can name a copy of the library", hint: "write its words here: { id, title, body }")
      return nil
    }
    let id = fields.require("id", &diagnostics)?.name("a material's id", &diagnostics)
    let title = fields.require("title", &diagnostics).flatMap {
      Self.template($0, "a title", upTo: Self.titleLimit, known: known, &diagnostics)
    }
    let body = fields.require("body", &diagnostics).flatMap {
      Self.template($0, "a body", upTo: Self.bodyLimit, known: known, &diagnostics)
    }
    let weight = fields.take("weight").map { $0.number("a weight", in: 0...1_000_000, &diagnostics) } ?? 1
    let channel = fields.take("channel").map { $0.text("a channel's name", &diagnostics) }
    let prior = fields.take("prior").map { Self.prior($0, &diagnostics) }
    fields.finish(&diagnostics)
    if case .some(.none) = channel { return nil }
    if case .some(.none) = prior { return nil }
    guard let id, let title, let body, let weight else { return nil }
    self.channel = channel ?? nil
    self.id = id
    self.title = title
    self.body = body
    self.weight = weight
    self.prior = prior ?? nil
  }

  /// `{ rate: 0.03, sends: 200 }`: a click rate, and how many sends the belief is worth.
  private static func prior(_ node: Node, _ diagnostics: inout Diagnostics) -> Beta? {
    guard var fields = Fields(node, "a prior", &diagnostics) else { return nil }
    let rate = fields.require("rate", &diagnostics)?.number(
      "a click rate", in: leastRate...(1 - leastRate), &diagnostics)
    let sends = fields.require("sends", &diagnostics)?.number("a number of sends", in: leastPrior...1e9, &diagnostics)
    fields.finish(&diagnostics)
    guard let rate, let sends else { return nil }
    return Beta(mean: rate, strength: sends)
  }

  private static func template(
    _ node: Node, _ what: String, upTo limit: Int, known: [String]?, _ diagnostics: inout Diagnostics
  ) -> Template? {
    guard let text = node.text(what, &diagnostics) else { return nil }
    var start = node.mark
    if case .scalar(_, quoted: true) = node.content { start = start.advanced(by: 1) }
    guard let template = Template(parsing: text, at: start, &diagnostics) else { return nil }
    if template.canBeBlank {
      diagnostics.error(node.mark, "\(what) cannot be blank", hint: "write words, or a fallback that is not empty")
      return nil
    }
    if template.literalCount > limit {
      diagnostics.error(
        node.mark, "\(what) can have at most \(limit) characters, this has \(template.literalCount)")
      return nil
    }
    let emitted = known ?? []
    let unknown = template.names.filter { !isKnown($0, emitted) }
    let reason = known == nil ? "and a campaign has no such value" : "which the rule does not emit"
    for name in unknown {
      let near = nearest(to: name, among: emitted + ["user"])
      let there = (emitted + ["user", "profile.NAME"]).joined(separator: ", ")
      diagnostics.error(
        node.mark, "\(what) uses '\(name)', \(reason)",
        hint: near.map { "did you mean '\($0)'?" } ?? "it can use \(there)")
    }
    return unknown.isEmpty ? template : nil
  }

  private static func isKnown(_ name: String, _ known: [String]) -> Bool {
    // What is emitted may be an object: `item` brings `item.name`.
    name == "user" || name.hasPrefix("profile.") || known.contains { name == $0 || name.hasPrefix($0 + ".") }
  }

  /// Whether every value it cannot do without is there.
  public func canFill(_ lookup: (String) -> Value?) -> Bool {
    title.isComplete(lookup) && body.isComplete(lookup)
  }

  /// Its words for one user, or the first field that has no value.
  public func fill(_ lookup: (String) -> Value?) -> Result<(title: String, body: String), MissingValue> {
    title.render(upTo: Self.titleLimit, lookup).flatMap { title in
      body.render(upTo: Self.bodyLimit, lookup).map { body in (title: title, body: body) }
    }
  }
}
