/// Why something has no form in Flink SQL.
struct SQLRefusal: Error {
  var message: String
  var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
