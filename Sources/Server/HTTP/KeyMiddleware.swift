import HTTPTypes
import Hummingbird

/// Lets nobody in without the key, except to `open` paths: `Authorization: Bearer KEY`, or `X-API-Key: KEY`.
struct KeyMiddleware: RouterMiddleware {
  let key: APIKey
  let open: Set<String>

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    guard open.contains(request.uri.path) || isAllowed(request) else {
      throw Problem(
        .unauthorized, "no-key", "the API key is missing or wrong", hint: "send 'Authorization: Bearer KEY'"
      ).with(.wwwAuthenticate, "Bearer realm=\"attune\"")
    }
    return try await next(request, context)
  }

  private func isAllowed(_ request: Request) -> Bool {
    if let shown = request.headers[.apiKey] { return key.matches(shown) }
    guard let header = request.headers[.authorization] else { return false }
    let parts = header.split(separator: " ", maxSplits: 1)
    return parts.count == 2 && parts[0].lowercased() == "bearer" && key.matches(parts[1])
  }
}

extension HTTPField.Name {
  static let apiKey = HTTPField.Name("X-API-Key") ?? .authorization
  static let requestID = HTTPField.Name("X-Request-ID") ?? .date
}
