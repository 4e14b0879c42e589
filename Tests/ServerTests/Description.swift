import API
import Foundation
import Testing

extension Route {
  /// What a request goes to; nil for an address that is none of the API's.
  static func asked(_ method: TestServer.Method, _ path: String) -> Route? {
    let address = path.prefix { $0 != "?" }
    let name = method == .head ? "get" : method.rawValue
    return all.first { $0.method.rawValue == name && $0.matches(path: address) }
  }

  /// The schema of an answer with that status; nil where it has no JSON, or nothing is said of such an answer.
  func schema(ofAnswer status: Int) -> Schema? {
    let content = answers.first { $0.status == status }?.content
    switch content {
    case .json(let type)?, .items(let type)?, .document(let type)?: return Schema(of: type)
    case .either(let one, let batch)?: return .either([Schema(of: one), Schema(of: batch)])
    case .text?, .standard?, nil: return nil
    }
  }
}

extension TestServer.Reply {
  /// Every answer that a test sees is held to what the API says of it.
  func isAsDescribed(of method: TestServer.Method, _ path: String) {
    guard let json = try? JSONDecoder().decode(AnyJSON.self, from: Data(body)) else { return }
    let route = Route.asked(method, path)
    let faults: [Schema.Fault]
    if header("Content-Type") == "application/problem+json" {
      faults = Schema(of: ProblemAnswer.self).faults(in: json)
    } else if let route {
      #expect(route.answers.contains { $0.status == status }, "\(method) \(path) may not answer \(status)")
      faults = route.schema(ofAnswer: status)?.faults(in: json) ?? []
    } else {
      return
    }
    #expect(faults.isEmpty, "\(method) \(path) \(status): \(faults)\n\(text.prefix(2000))")
  }
}
