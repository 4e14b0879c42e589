import API
import Hummingbird

/// The parameters of an address, each of which its route takes, and each given once.
struct Query: Sendable {
  private var values: [String: String] = [:]

  /// - Throws: a `Problem` that names the nearest parameter where one is unknown, and says what is wrong with one that is
  ///   given twice or is not of its kind.
  init(of request: Request, for route: Route) throws(Problem) {
    if request.uri.query == nil { return }
    for (name, value) in request.uri.queryParameters {
      let name = String(name)
      guard let parameter = route.query.first(where: { $0.name == name }) else {
        throw Problem(
          parameter: name, "there is no parameter '\(name)' here", code: "unknown-parameter",
          hint: nearestHint(to: name, among: route.query.map(\.name)))
      }
      if values[name] != nil { throw Problem(parameter: name, "it is given twice", hint: "keep one of them") }
      try parameter.check(String(value))
      values[name] = String(value)
    }
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
