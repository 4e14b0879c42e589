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
