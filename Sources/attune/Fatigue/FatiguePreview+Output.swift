import AttuneModel
import Codec
import Fatigue
import Insight
import Runtime

extension FatiguePreview.Report {
  /// `{"candidates", "users", "usersConcerned", "mostADay": {...}, "businesses": [{...}], "total": {...}}`
  var json: JSONWriter {
    var text = JSONWriter()
    text.object { json in
      json.member("candidates", total.reached)
      json.member("users", userCount)
      json.member("usersConcerned", usersConcerned)
      json.member("mostADay") { json in
        json.object { json in
          json.member("before", mostADay.before)
          json.member("after", mostADay.after)
        }
      }
      json.member("businesses") { json in json.array(rows) { $0.write($1) } }
      json.member("total") { $0.write(total) }
    }
    return text
  }

  var text: String {
    var answers = TextTable([
      "business", "candidates", "passed before", "pass now", "newly let through", "newly refused",
    ])
    var refusals = TextTable(["refused by"] + FatigueVerdict.Dimension.allCases.map(\.rawValue) + ["unknown"])
    for row in rows + [total] {
      answers.add(
        [row.name]
          + [row.reached, row.before.passed, row.after.passed, row.newlyPassed, row.newlyRefused].map(\.grouped))
      refusals.add([row.name] + row.refusals)
    }
    return """
      \(total.reached.grouped) candidates of \(userCount.of("user")); \(usersConcerned.grouped) users are answered \
      otherwise
      the most that pass for one user in a day: \(mostADay.before) before, \(mostADay.after) now

      \(answers.text)

      \(refusals.text)
      """
  }
}

extension FatiguePreview.Report.Row {
  /// `before → now` by dimension.
  fileprivate var refusals: [String] {
    let pairs = FatigueVerdict.Dimension.allCases.map { (before.refused[$0] ?? 0, after.refused[$0] ?? 0) }
    return (pairs + [(before.unanswered, after.unanswered)]).map { old, new in
      old == 0 && new == 0 ? "·" : "\(old.grouped) → \(new.grouped)"
    }
  }
}

extension JSONWriter {
  fileprivate mutating func write(_ row: FatiguePreview.Report.Row) {
    object { json in
      json.member("name", row.name)
      json.member("candidates", row.reached)
      json.member("newlyPassed", row.newlyPassed)
      json.member("newlyRefused", row.newlyRefused)
      json.member("before") { $0.write(row.before) }
      json.member("after") { $0.write(row.after) }
    }
  }

  private mutating func write(_ count: FatiguePreview.Report.Count) {
    object { json in
      json.member("passed", count.passed)
      json.member("refused") { json in
        json.object { json in
          for dimension in FatigueVerdict.Dimension.allCases {
            json.member(dimension.rawValue, count.refused[dimension] ?? 0)
          }
          json.member("unknown", count.unanswered)
        }
      }
    }
  }
}
