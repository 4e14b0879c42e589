/// Prometheus's text exposition format, version 0.0.4.
struct PrometheusText {
  enum Kind: String { case counter, gauge, histogram }

  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var text = ""

  mutating func family(_ name: String, _ kind: Kind, help: String) {
    let help = help.escaped(["\\": "\\\\", "\n": "\\n"])
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ name: String, _ labels: String, _ value: Double) {
    text += labels.isEmpty ? name : "\(name){\(labels)}"
    text += " \(Self.number(value))\n"
  }

  /// Whatever a name cannot hold becomes `_`.
  static func name(_ text: String) -> String {
    let name = String(text.unicodeScalars.map { isPlain($0) || $0 == ":" ? Character($0) : "_" })
    return name.first?.isNumber ?? true ? "_" + name : name
  }

  /// `method="GET",route="/v1"`, in the order of their names.
  static func labels(_ dimensions: [(String, String)]) -> String {
    dimensions.sorted { $0.0 < $1.0 }.map { key, value in
      let name = name(key.replacing(":", with: "_"))
      return "\(name)=\"\(value.escaped(["\\": "\\\\", "\"": "\\\"", "\n": "\\n"]))\""
    }.joined(separator: ",")
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    default: false
    }
  }
}

extension String {
  fileprivate func escaped(_ escapes: [Unicode.Scalar: String]) -> String {
    var escaped = ""
    for scalar in unicodeScalars {
      if let escape = escapes[scalar] { escaped += escape } else { escaped.unicodeScalars.append(scalar) }
    }
    return escaped
  }
}
