import API
import HTTPTypes
import Hummingbird
import Logging

/// Turns every error into problem+json. What went wrong inside stays in the log.
struct ProblemMiddleware: RouterMiddleware {
  /// Those there are.
  let routes: [Route]
  /// What to tell whoever asks for an address where there is nothing.
  let elsewhere: String?

  private func isServed(_ route: Route) -> Bool { routes.contains { $0.id == route.id } }

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      if var problem = Problem(error) {
        if problem.code == Problem.noSuchRoute {
          problem.hint = elsewhere
          if let other = Problem(wrongMethodAt: request.uri.path, routes) { problem = other }
          // It is another server's.
          if elsewhere != nil, Route.all.contains(where: { $0.matches(path: request.uri.path) && !isServed($0) }) {
            problem.detail = "this server answers for fatigue alone, and has no \(request.uri.path.prefix(100))"
            if request.uri.path == Route[.postConfiguration].path {
              problem.hint = "it takes policies: PUT \(Route[.putPolicies].path)"
            }
          }
        }
        if problem.status.kind == .serverError {
          context.logger.error("\(problem.code)", metadata: ["why": "\(error)"])
        }
        return problem.response(request: context.id)
      }
      context.logger.error("unexpected error", metadata: ["why": "\(error)"])
      return Problem(.internalServerError, "internal", "the server failed; its log tells more")
        .response(request: context.id)
    }
  }
}

extension Problem {
  /// Nil where there is nothing at the address, whatever the method.
  fileprivate init?(wrongMethodAt path: String, _ routes: [Route]) {
    let methods = routes.filter { $0.matches(path: path) }.map(\.method)
    if methods.isEmpty { return nil }
    let allowed = (methods.map { $0.rawValue.uppercased() } + (methods.contains(.get) ? ["HEAD"] : [])).sorted()
      .joined(separator: ", ")
    self.init(.methodNotAllowed, "method", "this address takes \(allowed)")
    headers[.allow] = allowed
  }
}
