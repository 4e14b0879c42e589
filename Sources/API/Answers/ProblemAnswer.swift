/// What is wrong with a request, and what to do about it (RFC 9457, `application/problem+json`).
public struct ProblemAnswer: WireType, SchemaSource, Hashable {
  /// `urn:attune:problem:CODE`; the code is stable, for machines.
  public var type: String
  public var title: String
  public var status: Int
  public var detail: String
  public var hint: String?
  /// The same as `X-Request-ID` and in the server's log.
  public var request: String
  public var parameter: String?
  public var pointer: String?
  public var diagnostics: [DiagnosticAnswer]?
  public var errors: [RefusalAnswer]?

  public init(
    type: String, title: String, status: Int, detail: String, hint: String? = nil, request: String,
    parameter: String? = nil, pointer: String? = nil, diagnostics: [DiagnosticAnswer]? = nil,
    errors: [RefusalAnswer]? = nil
  ) {
    self.type = type
    self.title = title
    self.status = status
    self.detail = detail
    self.hint = hint
    self.request = request
    self.parameter = parameter
    self.pointer = pointer
    self.diagnostics = diagnostics
    self.errors = errors
  }

  /// Some problems have members of their own, such as what became of each item.
  public static let schema: Schema = {
    guard case .object(var object) = Schema(recording: ProblemAnswer.self) else { return .any }
    object.isOpen = true
    return .object(object)
  }()

  public static let about = "What is wrong with a request, and what to do about it (RFC 9457)."
  public static let notes = [
    "type": "urn:attune:problem:CODE; the code is stable, for machines.",
    "hint": "What to do about it.",
    "request": "The same as X-Request-ID and in the server's log.",
    "parameter": "The query parameter that is wrong.",
    "pointer": "Where in the body, as RFC 6901 writes it.",
    "diagnostics": "Everything that is wrong with a configuration, policies or a campaign.",
    "errors": "The items that were refused, where one refuses all.",
  ]
  public static let sample = ProblemAnswer(
    type: "urn:attune:problem:unknown-parameter", title: "Bad Request", status: 400,
    detail: "there is no parameter 'dryrun' here", hint: "did you mean 'dryRun'?", request: "6e5a0822d410174a",
    parameter: "dryrun")
}

/// Something about a configuration's text, with its place.
public struct DiagnosticAnswer: WireType, Hashable {
  public enum Severity: String, TextChoice { case error, warning }

  public var severity: Severity
  public var file: String
  public var line: Int
  public var column: Int
  public var message: String
  @OrNull public var hint: String?

  public init(severity: Severity, file: String, line: Int, column: Int, message: String, hint: String?) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.hint = hint
  }

  public static let about = "Something about a configuration's text, with its place."
  public static let notes = ["line": "From 1.", "column": "From 1."]
  public static let sample = DiagnosticAnswer(
    severity: .error, file: "businesses/nudge.yaml", line: 3, column: 7, message: "there is no rule 'intrested'",
    hint: "did you mean 'interested'?")
}

/// Why an item of a body was not let in.
public struct RefusalAnswer: WireType, Hashable {
  public var code: String
  public var pointer: String
  public var message: String
  @OrNull public var hint: String?

  public init(code: String, pointer: String, message: String, hint: String?) {
    self.code = code
    self.pointer = pointer
    self.message = message
    self.hint = hint
  }

  public static let about = "Why an item of a body was not let in."
  public static let notes = ["pointer": "Where in the body, as RFC 6901 writes it; items are counted from 0."]
  public static let sample = RefusalAnswer(
    code: "missing", pointer: "/1/title", message: "'title' is missing", hint: nil)
}
