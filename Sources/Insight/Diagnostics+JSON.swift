public import AttuneModel
public import Codec

extension JSONWriter {
  /// What is wrong with a configuration, in the order of the places.
  public mutating func write(_ diagnostics: [Diagnostic], as name: String) {
    member(name) { json in
      json.array(diagnostics.sorted { $0.mark < $1.mark }) { json, diagnostic in
        json.object { json in
          json.member("severity", "\(diagnostic.severity)")
          json.member("file", diagnostic.mark.file)
          json.member("line", diagnostic.mark.line)
          json.member("column", diagnostic.mark.column)
          json.member("message", diagnostic.message)
          json.member("hint", diagnostic.hint)
        }
      }
    }
  }
}
