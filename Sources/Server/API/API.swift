import AttuneModel
import HTTPTypes
import Hummingbird
import Runtime
import Store

/// What the server answers to, and with what. Each route's work is in a file of its own.
struct API: Sendable {
  typealias Context = APIContext
  typealias Handler = @Sendable (Request, Context) async throws -> Response

  let purpose: StorePurpose
  let settings: ServerSettings
  let key: APIKey?
  let driver: Driver
  let store: OpenedStore
  let instruments: Instruments
  let health: Health
  let copies: CopyShelf
  let now: @Sendable () -> Instant

  init(
    purpose: StorePurpose, settings: ServerSettings, key: APIKey?, driver: Driver, ground: Ground,
    now: @escaping @Sendable () -> Instant
  ) {
    self.purpose = purpose
    self.settings = settings
    self.key = key
    self.driver = driver
    store = ground.store
    instruments = ground.instruments
    health = ground.health
    copies = CopyShelf(store: ground.store, now: now)
    self.now = now
  }

  /// Bytes of a published configuration.
  static let publicationLimit = 8 << 20

  func router() -> Router<Context> {
    let router = Router(context: Context.self)
    router.add(middleware: TelemetryMiddleware(instruments: instruments))
    router.add(middleware: ProblemMiddleware(elsewhere: purpose.elsewhere))
    if let key {
      // On loopback whoever asks can see as much from the machine itself.
      let open: Set = settings.address.isLoopback ? ["/livez", "/readyz", "/metrics"] : ["/livez"]
      router.add(middleware: KeyMiddleware(key: key, open: open))
    }
    if purpose == .everything { routeEngine(router) }
    route(router, "/v1/fatigue/check", [.post: checkReaches])
    route(router, "/v1/fatigue/reserve", [.post: reserveReaches])
    route(router, "/v1/fatigue/settle", [.post: settleReaches])
    route(router, "/v1/fatigue/users/:id", [.get: getFatigue, .delete: eraseFatigue])
    route(router, "/v1/fatigue/policies", [.get: getPolicies, .put: putPolicies])
    route(router, "/livez", [.get: isAlive])
    route(router, "/readyz", [.get: isReady])
    route(router, "/metrics", [.get: metrics])
    return router
  }

  private func routeEngine(_ router: Router<Context>) {
    route(router, "/v1/events", [.post: takeEvents])
    route(router, "/v1/receipts", [.post: takeReceipts])
    route(router, "/v1/users/:id", [.put: putUser, .get: getUser, .delete: eraseUser])
    route(router, "/v1/users/:id/timeline", [.get: timeline])
    route(router, "/v1/reports/funnel", [.get: funnel])
    route(router, "/v1/configuration", [.post: publish])
    route(router, "/v1/copies", [.get: listCopies, .post: postCopies])
    route(router, "/v1/copies/:id", [.get: getCopy, .delete: deleteCopy])
    route(router, "/v1/copies/:id/similar", [.get: similarCopies])
    route(router, "/v1/choices/:business", [.get: getChoice])
    route(router, "/v1/campaigns", [.get: listCampaigns, .post: postCampaign])
    route(router, "/v1/campaigns/:name", [.get: getCampaign])
    route(router, "/v1/campaigns/:name/audience", [.post: postAudience, .delete: clearAudience])
    route(router, "/v1/campaigns/:name/launch", [.post: launchCampaign])
    route(router, "/v1/campaigns/:name/pause", [.post: pauseCampaign])
    route(router, "/v1/campaigns/:name/resume", [.post: resumeCampaign])
    route(router, "/v1/campaigns/:name/stop", [.post: stopCampaign])
  }

  /// Other methods at a known address are told which there are.
  private func route(_ router: Router<Context>, _ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
    let allowed = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
    let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .delete, .patch, .options]
    for method in methods {
      let handler: Handler =
        handlers[method] ?? { _, _ in
          throw Problem(.methodNotAllowed, "method", "this address takes \(allowed)").with(.allow, allowed)
        }
      router.on(path, method: method, use: handler)
    }
  }
}

extension StorePurpose {
  /// A hint for whoever asks for an address where there is nothing.
  fileprivate var elsewhere: String? {
    self == .fatigue ? "this server runs with --only fatigue: /v1/fatigue/..., /livez, /readyz, /metrics" : nil
  }
}
