public import AttuneModel
public import Codec

/// How many candidates got how far, by business, scene, rule, filter, material or day.
public struct Funnel: Hashable, Sendable {
  public enum Dimension: String, Sendable, CaseIterable {
    case business, scene, rule, filter, material, day
  }

  public struct Row: Hashable, Sendable {
    public var name: String
    public var counts: [Tally.Stage: Int] = [:]
    /// By filter, and `fatigue.<dimension>`.
    public var refusals: [String: Int] = [:]
    /// Of the accepted ones, those that were messages of ours: nobody tells us who opened another team's.
    private var acceptedMessages = 0

    public init(name: String) { self.name = name }

    public subscript(_ stage: Tally.Stage) -> Int { counts[stage] ?? 0 }

    /// Opened by accepted, if any message was accepted.
    public var openRate: Double? {
      acceptedMessages > 0 ? Double(self[.opened]) / Double(acceptedMessages) : nil
    }

    mutating func add(_ key: Tally.Key, _ count: Int) {
      counts[key.stage, default: 0] += count
      if key.stage == .refused { refusals[key.detail, default: 0] += count }
      if key.stage == .taken, !key.detail.isEmpty { acceptedMessages += count }
    }
  }

  public let dimension: Dimension
  /// In alphabetical order.
  public let rows: [Row]
  public let total: Row

  /// `days`: calendar days in the configuration's zone, since 1970-01-01; nil for all there are.
  public init(_ tally: Tally, by dimension: Dimension, days: ClosedRange<Int64>? = nil) {
    self.dimension = dimension
    var rows: [String: Row] = [:]
    var total = Row(name: "total")
    var matched: [String: Int] = [:]
    for (key, count) in tally.counts where days?.contains(key.day) ?? true {
      total.add(key, count)
      if key.stage == .matched { matched[key.rule ?? "", default: 0] += count }
      guard let name = dimension.name(of: key) else { continue }
      rows[name, default: Row(name: name)].add(key, count)
    }
    if dimension == .business || dimension == .scene {
      Self.credit(matched, to: &rows, tally, by: dimension)
    }
    self.rows = rows.values.sorted { $0.name < $1.name }
    self.total = total
  }

  /// A rule's matches belong to no business of their own: each business (or scene) that listens to it is shown them.
  private static func credit(
    _ matched: [String: Int], to rows: inout [String: Row], _ tally: Tally, by dimension: Dimension
  ) {
    var listening: [String: Set<String>] = [:]
    for key in tally.counts.keys where key.stage == .routed {
      if let name = dimension.name(of: key) { listening[name, default: []].insert(key.rule ?? "") }
    }
    for (name, rules) in listening {
      rows[name, default: Row(name: name)].counts[.matched] = rules.reduce(0) { $0 + (matched[$1] ?? 0) }
    }
  }

  /// The steps a reader wants to see, in their order.
  public static let stages: [(stage: Tally.Stage, title: String)] = [
    (.matched, "matched"), (.routed, "routed"), (.refused, "refused"), (.deferred, "deferred"),
    (.retracted, "retracted"), (.sent, "sent"),
    (.reserved, "reserved"), (.taken, "accepted"), (.failed, "failed"), (.unknown, "unknown"),
    (.withdrawn, "withdrawn"),
    (.delivered, "delivered"), (.opened, "opened"), (.dismissed, "dismissed"), (.converted, "converted"),
    (.unsubscribed, "unsubscribed"),
  ]
}

extension Funnel.Dimension {
  fileprivate func name(of key: Tally.Key) -> String? {
    let name: String =
      switch self {
      case .business: key.business
      case .scene: key.scene
      case .rule: key.rule ?? ""
      case .filter: key.stage == .refused || key.stage == .deferred ? key.detail : ""
      case .material: key.stage.isAboutMessages && !key.detail.isEmpty ? "\(key.business)/\(key.detail)" : ""
      case .day: Zone.date(key.day)
      }
    return name.isEmpty ? nil : name
  }
}

extension Tally.Stage {
  /// From `sent` to the last receipt: the detail is the material.
  fileprivate var isAboutMessages: Bool { (Self.sent.rawValue...Self.unsubscribed.rawValue).contains(rawValue) }
}

extension JSONWriter {
  /// `{"by", "rows": [{"name", "matched", ..., "refusedBy": {...}}], "total": {...}}`
  public mutating func write(_ funnel: Funnel) {
    object { json in
      json.member("by", funnel.dimension.rawValue)
      json.member("rows") { json in json.array(funnel.rows) { $0.write($1) } }
      json.member("total") { $0.write(funnel.total) }
    }
  }

  private mutating func write(_ row: Funnel.Row) {
    object { json in
      json.member("name", row.name)
      for (stage, title) in Funnel.stages { json.member(title, row[stage]) }
      json.member("refusedBy") { json in
        json.object { json in
          for (reason, count) in row.refusals.sorted(by: { $0.key < $1.key }) { json.member(reason, count) }
        }
      }
      if let rate = row.openRate { json.member("openRate", .number((rate * 10_000).rounded() / 10_000)) }
    }
  }
}

extension Funnel {
  /// A table for a terminal: a row each, and the total. Columns in which nothing happened are left out.
  public var table: String {
    let shown = Self.stages.filter { stage in rows.contains { $0[stage.stage] > 0 } }
    let opens = rows.contains { $0[.opened] > 0 && $0.openRate != nil }
    var table = TextTable([dimension.rawValue] + shown.map(\.title) + (opens ? ["open rate"] : []))
    for row in rows + (dimension == .filter ? [] : [total]) {
      let rate = opens ? [row.openRate.map { $0.percent() } ?? ""] : []
      table.add([row.name] + shown.map { row[$0.stage].grouped } + rate)
    }
    return table.text
  }

  /// The same for other programs: every stage, whether anything happened or not, and no total.
  public var csv: [UInt8] {
    var csv = CSVWriter()
    csv.row([dimension.rawValue] + Self.stages.map(\.title))
    for row in rows { csv.row([row.name] + Self.stages.map { String(row[$0.stage]) }) }
    return csv.bytes
  }

  /// What refused how many, a column a filter or dimension of fatigue; nil where nothing was refused.
  public var refusalTable: String? {
    let reasons = total.refusals.keys.sorted()
    let refused = rows.filter { !$0.refusals.isEmpty }
    if refused.isEmpty || dimension == .filter { return nil }
    var table = TextTable(["refused by"] + reasons)
    for row in refused + [total] { table.add([row.name] + reasons.map { (row.refusals[$0] ?? 0).grouped }) }
    return table.text
  }

  /// The whole funnel as bars, with what refused most beneath.
  public func chart(width: Int = 46) -> String {
    let steps: [(String, Int)] = [
      ("matched", total[.matched]), ("routed", total[.routed]), ("sent", total[.sent]),
      ("reserved", total[.reserved]), ("accepted", total[.taken]),
      ("delivered", total[.delivered]), ("opened", total[.opened]), ("converted", total[.converted]),
    ].filter { $0.1 > 0 }
    let refusals = total.refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    let largest = max(1, steps.map(\.1).max() ?? 1)
    let label = (steps + refusals).map(\.0.terminalWidth).max() ?? 0
    func line(_ name: String, _ count: Int, _ cell: Character) -> String {
      name.padded(to: label) + "  " + Bar.text(Double(count) / Double(largest), width: width, cell, of: count)
    }
    var lines = steps.map { line($0.0, $0.1, "█") }
    if !refusals.isEmpty { lines += ["", "kept from the user by"] + refusals.map { line($0.0, $0.1, "▒") } }
    return lines.joined(separator: "\n")
  }
}
