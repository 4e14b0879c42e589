import AttuneModel
public import Learning
public import Materials

/// Copies of a library for a terminal: what each did, how good it is, whether it is still fresh.
public struct CopyTable: Sendable {
  private let standings: [CopyStanding]
  /// Beside each, if anything: how alike it is.
  private let similarities: [Double]?

  public init(_ standings: [CopyStanding]) {
    self.standings = standings
    similarities = nil
  }

  public init(_ similar: [SimilarCopy]) {
    standings = similar.map(\.standing)
    similarities = similar.map(\.similarity)
  }

  public var text: String {
    let likeness = similarities == nil ? [] : ["alike"]
    var table = TextTable(["copy"] + likeness + ["sends", "clicks", "click rate", "95%", "opt-outs", "state", "title"])
    for (index, standing) in standings.enumerated() {
      let interval = standing.clickRate.interval()
      table.add(
        [standing.copy.id] + (similarities.map { [$0[index].percent(0)] } ?? []) + [
          standing.total.sends.grouped, standing.total.clicks.grouped, standing.clickRate.mean.percent(2),
          "\(interval.lowerBound.percent(2)) - \(interval.upperBound.percent(2))",
          standing.total.optOuts > 0 ? standing.optOutRate.mean.percent(3) : "", standing.freshness.state.rawValue,
          Self.cut(standing.copy.title),
        ])
    }
    return table.text
  }

  /// One copy, all of it.
  public static func details(of standing: CopyStanding, prior: Beta) -> String {
    let copy = standing.copy
    let parts: [(String, String)] = [
      ("title", copy.title), ("body", copy.body), ("tags", copy.tags.joined(separator: ", ")),
      ("scene", copy.scene ?? ""), ("language", copy.language ?? ""),
      ("sent", "\(standing.total.sends.grouped), \(standing.total.deliveries.grouped) delivered"),
      ("clicks", "\(standing.total.clicks.grouped): \(rate(standing.clickRate))"),
      ("converted", standing.total.conversions > 0 ? standing.total.conversions.grouped : ""),
      ("opt-outs", optOuts(standing)),
      ("state", words(standing)), ("next time", "\(rate(prior)), as a campaign would start with it"),
    ]
    return ([copy.id] + parts.filter { !$0.1.isEmpty }.map { "  \($0):" + padding($0) + indented($1) }).joined(
      separator: "\n")
  }

  private static func indented(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false) { $0.isNewline }
      .joined(separator: "\n" + String(repeating: " ", count: 13))
  }

  private static func padding(_ name: String) -> String { String(repeating: " ", count: max(1, 10 - name.count)) }

  /// None may mean that nobody counted them: there is no rate to show.
  private static func optOuts(_ standing: CopyStanding) -> String {
    let count = standing.total.optOuts
    return count > 0 ? "\(count.grouped): \(rate(standing.optOutRate, digits: 3))" : "none known"
  }

  private static func rate(_ rate: Beta, digits: Int = 2) -> String {
    let interval = rate.interval()
    return "\(rate.mean.percent(digits)) (95%: \(interval.lowerBound.percent(digits)) to "
      + "\(interval.upperBound.percent(digits)))"
  }

  private static func words(_ standing: CopyStanding) -> String {
    let freshness = standing.freshness
    let last = standing.history.lastUsed.map { "; last sent on \(Zone.date($0))" } ?? ""
    guard let ratio = freshness.ratio, let interval = freshness.interval else { return freshness.state.rawValue + last }
    return "\(freshness.state.rawValue): of late \(ratio.percent(0)) of its earlier click rate "
      + "(95%: \(interval.lowerBound.percent(0)) to \(interval.upperBound.percent(0)))" + last
  }

  /// So much of a title as a terminal has room for.
  private static func cut(_ title: String) -> String {
    let line = String(title.map { $0.isNewline ? " " : $0 })
    var width = 0
    let shown = line.prefix { character in
      width += String(character).terminalWidth
      return width <= 36
    }
    return shown.count == line.count ? line : shown + "…"
  }
}
