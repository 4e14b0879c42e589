import AttuneModel
import Codec
import Insight
import Rules
import Runtime
import Server

extension RulePreview.Report {
  /// `{"from", "until", "events", "rules": [{"rule", "change", "before", "after", "inForce": {"matches", "users"}, "new":
  /// {...}}]}`: before and after are versions; what a set does not have is left out.
  var json: JSONWriter {
    var text = JSONWriter()
    text.object { json in
      json.member("from", window.lowerBound)
      json.member("until", window.upperBound)
      json.member("events", events)
      json.member("rules") { json in json.array(rows) { $0.write($1) } }
    }
    return text
  }

  func text(in zone: Zone) -> String {
    var table = TextTable(["rule", "", "version", "matches in force", "matches new", "users in force", "users new"])
    for row in rows {
      let versions = [row.change.before, row.change.after].compactMap { $0.map(String.init) }
      table.add([
        row.change.rule, row.change.kind.rawValue,
        row.change.kind == .unchanged ? versions.last ?? "" : versions.joined(separator: " → "),
        row.before?.matches.grouped ?? "·", row.after?.matches.grouped ?? "·", row.before?.users.grouped ?? "·",
        row.after?.users.grouped ?? "·",
      ])
    }
    return """
      \(events.of("event")) from \(zone.clock(window.lowerBound)) to \(zone.clock(window.upperBound)) \
      (\(zone.name)); nothing was changed

      \(table.text)
      """
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ row: RulePreview.Report.Row) {
    object { json in
      json.member("rule", row.change.rule)
      json.member("change", row.change.kind.rawValue)
      if let before = row.change.before { json.member("before", before) }
      if let after = row.change.after { json.member("after", after) }
      if let count = row.before { json.member("inForce") { $0.write(count) } }
      if let count = row.after { json.member("new") { $0.write(count) } }
    }
  }

  private mutating func write(_ count: RulePreview.Report.Count) {
    object { json in
      json.member("matches", count.matches)
      json.member("users", count.users)
    }
  }
}
