import API
import Codec
import Hummingbird

/// The parameters of an address, each of which its route takes, and each given once.
struct Query: Sendable {
  private var values: [String: String] = [:]

  /// - Throws: a `Problem` that names the nearest parameter where one is unknown, and says what is wrong with one that is
  ///   given twice or is not of its kind.
  init(of request: Request, for route: Route) throws(Problem) {
    guard let query = request.uri.query else { return }
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = try Self.text(parts[0], of: parts[0])
      guard let parameter = route.query.first(where: { $0.name == name }) else {
        throw Problem(
          parameter: name, "there is no parameter '\(name.prefix(64))' here", code: "unknown-parameter",
          hint: nearestHint(to: name, among: route.query.map(\.name)))
      }
      if values[name] != nil { throw Problem(parameter: name, "it is given twice", hint: "keep one of them") }
      let value = parts.count == 2 ? try Self.text(parts[1], of: parts[0]) : ""
      try parameter.check(value)
      values[name] = value
    }
  }

  /// A name is spelt with percent signs or without: `%64ryRun` is `dryRun`.
  private static func text(_ part: Substring, of name: Substring) throws(Problem) -> String {
    if let text = String(part).decodedFromPercent { return text }
    throw Problem(
      parameter: String(name.prefix(64)), "it is no text, percent-encoded", hint: "write %25 for a percent sign")
  }

  subscript(name: String) -> String? { values[name] }
  func flag(_ name: String) -> Bool { values[name] == "true" }
  func integer(_ name: String) -> Int? { values[name].flatMap { Int($0) } }
}

extension Parameter {
  fileprivate func check(_ text: String) throws(Problem) {
    switch kind {
    case .text, .day, .cursor: return
    case .flag where Bool(text) == nil: throw Problem(parameter: name, "'\(text)' is not true or false")
    case .flag: return
    case .integer(let range):
      guard let number = Int(text) else { throw Problem(parameter: name, "'\(text)' is not a whole number") }
      if range.contains(number) { return }
      throw Problem(
        parameter: name,
        range.upperBound == .max
          ? "it is less than \(range.lowerBound)" : "it is not from \(range.lowerBound) to \(range.upperBound)")
    case .choice(let texts):
      if texts.contains(text) { return }
      throw Problem(parameter: name, "there is no '\(text)' here", hint: "one of \(texts.joined(separator: ", "))")
    }
  }
}
