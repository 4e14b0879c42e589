/// Why something has no form in Flink SQL.
struct SQLRefusal: Error {
  var message: String
  var hint: String?
  /// Which step it is about; nil: the rule.
  var step: Int?

  init(_ message: String, hint: String? = nil, step: Int? = nil) {
    self.message = message
    self.hint = hint
    self.step = step
  }
}
