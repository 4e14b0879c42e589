import Foundation
import HTTPTypes
import Hummingbird

/// Keeps pages of other sites out: a browser on this machine can reach what only this machine can reach, and sends what
/// any page has it send.
struct SiteMiddleware: RouterMiddleware {
  let address: ListenAddress
  /// Other names that the server goes by.
  let hosts: [HostName]

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    let own = try host(of: request)
    try checkOrigin(of: request, own: own)
    return try await next(request, context)
  }

  /// A page's own name may be made to mean this machine (DNS rebinding): then its requests name a host that is not ours.
  /// Who sends no name is no browser.
  private func host(of request: Request) throws(Problem) -> HostName? {
    guard let text = request.head.authority else { return nil }
    let name = HostName(text)
    if let name, request.headers[values: .host].isEmpty, isOurs(name) { return name }
    throw Problem(
      .forbidden, "unknown-host", "this server is not '\(text.prefix(100))'",
      hint: "ask for \(address), or name it in attune.yaml: server: { hosts: [\(name?.host ?? "NAME")] }")
  }

  private func isOurs(_ name: HostName) -> Bool {
    if hosts.contains(where: { $0.covers(name) }) || name.host == address.host.lowercased() { return true }
    if Self.loopback.contains(name.host) { return true }
    // Elsewhere a key keeps everybody out, under any name; with names, one has to be among them, or be a number.
    return !address.isLoopback && (hosts.isEmpty || name.isNumeric)
  }

  private static let loopback = ["localhost", "127.0.0.1", "::1"]

  private func checkOrigin(of request: Request, own: HostName?) throws(Problem) {
    let origin = request.headers[.origin]
    let site = request.headers[.secFetchSite]
    if origin == nil, site == nil { return }
    let page = origin.flatMap(Self.page)
    let isAllowed = page.map { page in hosts.contains { $0.covers(page) } } ?? false
    let isFromHere = page.map { $0 == own || $0 == own?.withPort(of: origin) } ?? (origin == nil)
    if isAllowed || isFromHere && (site.map(Self.sameSites.contains) ?? true) { return }
    let who =
      origin.map { $0 == "null" ? "a page of no site" : "a page of \($0.prefix(100))" } ?? "a page of another site"
    throw Problem(
      .forbidden, "foreign-origin", "\(who) may not use this server",
      hint: "attune.yaml allows pages by their host: server: { hosts: [\(page.map(\.description) ?? "NAME")] }")
  }

  /// `none` is an address that somebody typed.
  private static let sameSites = ["same-origin", "none"]

  /// Of `https://attune.example.com:8443`.
  private static func page(_ origin: String) -> HostName? {
    guard let scheme = origin.range(of: "://") else { return nil }
    return HostName(String(origin[scheme.upperBound...]))
  }
}

extension HostName {
  /// With the port that its scheme means, where none is written.
  fileprivate func withPort(of origin: String?) -> HostName {
    let usual = origin?.hasPrefix("https:") == true ? 443 : 80
    var name = self
    if port == usual { name.port = nil }
    return name
  }
}

extension HTTPField.Name {
  fileprivate static let host = HTTPField.Name("Host") ?? .referer
  fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .referer
}
