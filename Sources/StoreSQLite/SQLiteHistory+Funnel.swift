import AttuneModel
import GRDB
import Store

extension SQLiteHistory {
  func funnel() throws(StoreError) -> Tally {
    try file.reading(to: "read the funnel") { db in
      var tally = Tally()
      let source = file.format >= 7 ? "source" : "0"
      let rows = try Row.fetchCursor(
        db, sql: "SELECT day, stage, \(source), rule, scene, business, detail, count FROM funnel")
      while let row = try rows.next() { tally.add(try Self.key(row, of: file.format), try row.value(7)) }
      return tally
    }
  }

  func messages(_ stages: [Tally.Stage]) throws(StoreError) -> Tally {
    try file.reading(to: "read the funnel by material") { db in
      var tally = Tally()
      let wanted = stages.map { "\($0.rawValue)" }.joined(separator: ", ")
      let rows = try Row.fetchCursor(
        db, sql: "SELECT day, stage, detail, count FROM funnel WHERE stage IN (\(wanted)) AND detail <> ''")
      while let row = try rows.next() {
        guard let stage = try UInt8(exactly: row.value(1) as Int64).flatMap(Tally.Stage.init(rawValue:)) else {
          continue
        }
        tally.add(Tally.Key(day: try row.value(0), stage: stage, detail: try row.value(2)), try row.value(3))
      }
      return tally
    }
  }

  /// - Parameter row: day, stage, source, rule, scene, business, detail.
  static func key(_ row: Row, of format: UInt8) throws -> Tally.Key {
    let (rule, business, detail): (String, String, String) = try (row.value(3), row.value(5), row.value(6))
    guard let stage = try UInt8(exactly: row.value(1) as Int64).flatMap(Tally.Stage.init(rawValue:)),
      let number = try UInt8(exactly: row.value(2) as Int64),
      case let kind = Origin.Source.Kind(rawValue: number), kind != nil || number == 0
    else {
      throw StoreError(
        .damaged,
        "the funnel is damaged: its row of day \(try row.value(0) as Int64), '\(business)', '\(detail)' has no known stage"
      )
    }
    let source =
      format >= 7
      ? kind.map { Origin.Source($0, rule: rule) }
      : Origin.Source.before7(rule: rule, stage: stage, business: business, detail: detail)
    return Tally.Key(
      day: try row.value(0), stage: stage, source: source, scene: try row.value(4), business: business, detail: detail)
  }

  static func count(_ key: Tally.Key, _ count: Int, in db: Database) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO funnel (day, stage, source, rule, scene, business, detail, count) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET count = count + excluded.count
        """
    ).execute(arguments: [
      key.day, key.stage.rawValue, key.source?.kind.rawValue ?? 0, key.rule ?? "", key.scene, key.business, key.detail,
      count,
    ])
  }
}
