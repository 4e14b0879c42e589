/// The JSON that the program answers with, as far as tests read it.
struct Intake: Decodable {
  struct Item: Decodable { var status: String }
  var results: [Item]
}

struct Report: Decodable {
  struct Row: Decodable {
    var name: String
    var matched: Int
    var routed: Int
    var refused: Int
    var sent: Int
    var accepted: Int
  }
  var rows: [Row]
  var total: Row
}

struct Summary: Decodable {
  var events: Int
  var accepted: Int
  var duplicates: Int
  var late: Int
  var invalid: Int
  var users: Int
  var matches: Int
  var candidates: Int
  var sent: Int
  var refused: [String: Int]
  var deferred: Int
  var retracted: Int
  var pending: Int
}

/// A line of `--decisions`, and of `explain --json`.
struct Decision: Decodable {
  var id: String
  var at: Int64
  var user: String
  var business: String
  var outcome: String
  var filter: String?
  var reason: String?
  var next: Int64?
}

struct Checked: Decodable {
  struct Diagnostic: Decodable {
    var severity: String
    var file: String
    var line: Int
    var column: Int
    var message: String
    var hint: String?
  }
  var valid: Bool
  var rules: Int
  var businesses: Int
  var diagnostics: [Diagnostic]
}
