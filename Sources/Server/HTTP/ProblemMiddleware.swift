import Hummingbird
import Logging

/// Turns every error into problem+json. What went wrong inside stays in the log.
struct ProblemMiddleware: RouterMiddleware {
  /// What to tell whoever asks for an address where there is nothing.
  let elsewhere: String?

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      if var problem = Problem(error) {
        if problem.code == Problem.noSuchRoute { problem.hint = elsewhere }
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
