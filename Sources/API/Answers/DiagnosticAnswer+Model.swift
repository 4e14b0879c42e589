public import AttuneModel

extension DiagnosticAnswer {
  public init(_ diagnostic: Diagnostic) {
    self.init(
      severity: diagnostic.severity == .warning ? .warning : .error, file: diagnostic.mark.file,
      line: diagnostic.mark.line, column: diagnostic.mark.column, message: diagnostic.message, hint: diagnostic.hint)
  }

  /// The same, as the folder's own checks tell it.
  public var diagnostic: Diagnostic {
    Diagnostic(
      severity == .warning ? .warning : .error, Mark(file: file, line: line, column: column), message, hint: hint)
  }
}

extension [DiagnosticAnswer] {
  /// In the order of their places.
  public init(_ diagnostics: [Diagnostic]) {
    self = diagnostics.sorted { $0.mark < $1.mark }.map(DiagnosticAnswer.init)
  }
}
