import API
import AttuneModel
import Codec
import HTTPTypes
import Hummingbird
import Insight
import Platform
import Runtime
import Store

/// What the server answers to, and with what.
struct Handlers: Sendable {
  let routes: [Route]
  private let purpose: StorePurpose
  private let key: APIKey?
  private let site: SiteMiddleware
  private let bodies: BodyMemory
  private let requests: RequestInstruments

  private let ingest: IngestHandlers
  private let users: UserHandlers
  private let reports: ReportHandlers
  private let copies: CopyHandlers
  private let choices: ChoiceHandlers
  private let campaigns: CampaignHandlers
  private let audiences: AudienceHandlers
  private let configuration: ConfigurationHandlers
  private let reaches: ReachHandlers
  private let fatigue: FatigueUserHandlers
  private let policies: PolicyHandlers
  private let operations: OperationHandlers

  /// - Throws: what the OpenAPI document's encoding throws.
  init(
    purpose: StorePurpose, settings: ServerSettings, key: APIKey?, driver: Driver, engine: RecoveredEngine
  ) throws {
    let now = engine.clock.now
    self.purpose = purpose
    self.key = key
    site = SiteMiddleware(address: settings.address, hosts: settings.hosts)
    bodies = BodyMemory(limit: settings.bodiesLimit)
    requests = engine.instruments.requests
    routes = Route.all.filter { purpose.parts.contains($0.part) }
    let (store, limit) = (engine.store, settings.bodyLimit)
    let work = WorkQueue("attune.work")
    let shelf = CopyShelf(store: store, work: work, now: now)
    ingest = IngestHandlers(
      driver: driver, instruments: engine.instruments, map: settings.map, bodyLimit: limit, now: now)
    users = UserHandlers(driver: driver, bodyLimit: limit)
    reports = ReportHandlers(store: store, work: work)
    copies = CopyHandlers(shelf: shelf, store: store, work: work, bodyLimit: limit, now: now)
    choices = ChoiceHandlers(driver: driver, work: work)
    campaigns = CampaignHandlers(driver: driver, shelf: shelf, work: work, documentLimit: ConfigurationHandlers.limit)
    audiences = AudienceHandlers(driver: driver)
    configuration = ConfigurationHandlers(settings: settings, driver: driver, store: store, shelf: shelf, work: work)
    reaches = ReachHandlers(driver: driver, bodyLimit: limit, now: now)
    fatigue = FatigueUserHandlers(driver: driver, now: now)
    policies = PolicyHandlers(driver: driver, store: store, takesPolicies: purpose == .fatigue)
    operations = OperationHandlers(
      driver: driver, clock: engine.clock, health: engine.health, store: store,
      instruments: engine.instruments,
      description: try JSONWriter.text(of: OpenAPI(of: routes).document))
  }

  /// The routes of the API with what answers them, and what stands before all of them.
  func router() -> Router<APIContext> {
    let router = Router(context: APIContext.self)
    router.add(middleware: TelemetryMiddleware(instruments: requests, routes: routes))
    router.add(middleware: ProblemMiddleware(routes: routes, elsewhere: purpose.elsewhere))
    router.add(middleware: site)
    if let key {
      let open = routes.filter { $0.scope == .open || $0.scope == .observe && site.address.isLoopback }.map(\.path)
      router.add(middleware: KeyMiddleware(key: key, open: Set(open)))
    }
    for route in routes {
      let handler = handler(of: route.id)
      let answer: @Sendable (Request, APIContext) async throws -> Response = { [bodies] request, context in
        let call = try Call(request, context, of: route, room: BodyRoom(in: bodies))
        if let body = route.body { try call.requireMediaType(of: body) } else { try await call.refuseBody() }
        return try await handler(call)
      }
      let path = RouterPath(route.path)
      router.on(path, method: route.method.http, use: answer)
      // Whoever measures an answer sends it without its body.
      if route.method == .get { router.on(path, method: .head, use: answer) }
    }
    return router
  }

  private func handler(of id: Route.ID) -> CallHandler {
    switch id {
    case .postEvents: ingest.postEvents
    case .postReceipts: ingest.postReceipts
    case .getUser: users.getUser
    case .putUser: users.putUser
    case .deleteUser: users.deleteUser
    case .getTimeline: reports.getTimeline
    case .getFunnel: reports.getFunnel
    case .listCopies: copies.listCopies
    case .postCopies: copies.postCopies
    case .getCopy: copies.getCopy
    case .deleteCopy: copies.deleteCopy
    case .listSimilarCopies: copies.listSimilarCopies
    case .getChoice: choices.getChoice
    case .listCampaigns: campaigns.listCampaigns
    case .postCampaign: campaigns.postCampaign
    case .getCampaign: campaigns.getCampaign
    case .postAudience: audiences.postAudience
    case .deleteAudience: audiences.deleteAudience
    case .launchCampaign: campaigns.launchCampaign
    case .pauseCampaign: campaigns.pauseCampaign
    case .resumeCampaign: campaigns.resumeCampaign
    case .stopCampaign: campaigns.stopCampaign
    case .postConfiguration: configuration.postConfiguration
    case .checkReaches: reaches.checkReaches
    case .reserveReaches: reaches.reserveReaches
    case .settleReaches: reaches.settleReaches
    case .getFatigueUser: fatigue.getFatigueUser
    case .deleteFatigueUser: fatigue.deleteFatigueUser
    case .getPolicies: policies.getPolicies
    case .putPolicies: policies.putPolicies
    case .getLiveness: operations.getLiveness
    case .getReadiness: operations.getReadiness
    case .getMetrics: operations.getMetrics
    case .getOpenAPI: operations.getOpenAPI
    case .resetClock: operations.resetClock
    }
  }
}

extension Route.Method {
  fileprivate var http: HTTPRequest.Method {
    switch self {
    case .get: .get
    case .post: .post
    case .put: .put
    case .delete: .delete
    }
  }
}
