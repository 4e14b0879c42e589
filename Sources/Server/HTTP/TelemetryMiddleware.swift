import API
import HTTPTypes
import Hummingbird
import Logging

/// Counts, times and logs each request by its route; never by its address, which may name a user.
struct TelemetryMiddleware: RouterMiddleware {
  let instruments: RequestInstruments
  let routes: [Route]

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response = try await next(request, context)
    let duration = ContinuousClock.now - start
    let route = context.endpointPath.flatMap { $0 == "NotFound" ? nil : $0 } ?? address(of: request) ?? "none"
    let method = Self.methods.contains(request.method) ? request.method.rawValue : "other"
    instruments.answered(method: method, route: route, status: response.status.code, after: duration)
    let level: Logger.Level =
      switch response.status.kind {
      case .serverError: .error
      case .clientError: .info
      default: .debug
      }
    context.logger.log(
      level: level, "request",
      metadata: [
        "method": "\(method)", "route": "\(route)", "status": "\(response.status.code)", "took": "\(duration)",
      ])
    response.headers[.requestID] = context.id
    // The same headers, the length of the body among them, and no body.
    return request.method == .head ? response.createHeadResponse() : response
  }

  /// Of a known address that was asked with a method it does not take.
  private func address(of request: Request) -> String? { routes.first { $0.matches(path: request.uri.path) }?.path }

  private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .delete, .patch, .options, .trace]
}
