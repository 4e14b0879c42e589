import AttuneModel
import Codec
import HTTPTypes
import Hummingbird
import Insight
import Materials
import Reach
import Runtime

extension API {
  /// `GET /v1/campaigns`: those of the configuration, and all that were launched.
  @Sendable func listCampaigns(_ request: Request, _ context: Context) async throws -> Response {
    let (written, states) = await driver.read { ($0.source?.campaigns ?? [], $0.campaigns) }
    let names = Set(written.compactMap { $0["campaign"]?.scalar }).union(states.keys).sorted()
    return .json(.ok) { json in
      json.member("campaigns") { json in
        json.array(names) { json, name in
          json.object { json in
            json.member("campaign", name)
            json.member("status", states[name]?.status.name ?? "written")
            json.member("audience", states[name]?.audience ?? 0)
            json.member("remaining", states[name]?.remaining ?? 0)
            json.member("sent", states[name]?.sent ?? 0)
          }
        }
      }
    }
  }

  /// `GET /v1/campaigns/{name}`: how far it is, what its copies bring, what its quotas are worth.
  @Sendable func getCampaign(_ request: Request, _ context: Context) async throws -> Response {
    let name = try campaign(context)
    let (report, now) = await driver.read { ($0.report(ofCampaign: name), $0.clock) }
    guard let report else { throw try await unknown(name) }
    return .json(.ok) { json in json.write(report, at: now) }
  }

  /// `POST /v1/campaigns?dryRun=true&audience=N`: a campaign as YAML or JSON, checked against the configuration in force and
  /// launched. The same one again changes nothing: 200 instead of 202.
  @Sendable func postCampaign(_ request: Request, _ context: Context) async throws -> Response {
    let body = try await request.bytes(upTo: Self.publicationLimit)
    let document = try ConfigurationFolder.campaign(String(buffer: body), file: "campaign")
    return try await launch(document, request)
  }

  /// `POST /v1/campaigns/{name}/launch?dryRun=true`: one that stands in the configuration.
  @Sendable func launchCampaign(_ request: Request, _ context: Context) async throws -> Response {
    let name = try campaign(context)
    let written = await driver.read { $0.source?.campaigns ?? [] }
    guard let document = written.first(where: { $0["campaign"]?.scalar == name }) else { throw try await unknown(name) }
    return try await launch(document, request)
  }

  @Sendable func pauseCampaign(_ request: Request, _ context: Context) async throws -> Response {
    try await order(CampaignOrder.pause, context, "paused")
  }

  @Sendable func resumeCampaign(_ request: Request, _ context: Context) async throws -> Response {
    try await order(CampaignOrder.resume, context, "running")
  }

  @Sendable func stopCampaign(_ request: Request, _ context: Context) async throws -> Response {
    let recall = try request.query("recall", "true or false") ?? false
    return try await order({ .stop($0, recall: recall) }, context, "stopped")
  }

  private func launch(_ written: Node, _ request: Request) async throws -> Response {
    let document = try await spelledOut(written)
    let dryRun = try request.query("dryRun", "true or false") ?? false
    // Users that would be handed in before.
    let announced = dryRun ? try request.query("audience", "a whole number") ?? 0 : 0
    let name = document["campaign"]?.scalar ?? ""
    let answer =
      dryRun
      ? await driver.read { $0.check(campaign: document, announced: announced) } : try await driver.launch(document)
    if let problem = Problem(answer) { throw problem }
    var isNew = true
    if case .begunBefore(let first) = answer.outcome {
      try refuse(document, unlessSameAs: first)
      isNew = false
    }
    let state = await driver.read { $0.campaigns[name] }
    var response = Response.json(isNew && !dryRun ? .accepted : .ok) { json in
      json.member("campaign", name)
      json.member("launched", !dryRun)
      json.member("isNew", isNew)
      json.member("status", state?.status.name)
      json.member("audience", state?.audience ?? answer.audience)
      json.write(answer.diagnostics.all, as: "warnings")
    }
    if !dryRun { response.headers[.location] = "/v1/campaigns/\(name)" }
    return response
  }

  private func refuse(_ document: Node, unlessSameAs launched: Node) throws(Problem) {
    if launched.withoutPriors.says(theSameAs: document.withoutPriors) { return }
    let name = launched["campaign"]?.scalar ?? ""
    throw Problem(
      .conflict, "campaign-launched", "another campaign '\(name)' was launched before",
      hint: "give this one a name of its own")
  }

  /// With the copies of the library that it names: what is journaled stands by itself.
  private func spelledOut(_ written: Node) async throws -> Node {
    guard written.namesCopies else { return written }
    var diagnostics = Diagnostics()
    let document = written.spellingOut(try await copies.library(), &diagnostics)
    if !diagnostics.errors.isEmpty { throw diagnostics }
    return document
  }

  private func order(
    _ order: (String) -> CampaignOrder, _ context: Context, _ aim: String
  ) async throws -> Response {
    let name = try campaign(context)
    let (isAccepted, now) = try await driver.order(order(name))
    guard let status = now else { throw try await unknown(name) }
    // Told twice, it is as it was to be.
    guard isAccepted || status.name == aim else {
      throw Problem(.conflict, "campaign-\(status.name)", "the campaign is \(status.name)")
    }
    return .json(.ok) { json in
      json.member("campaign", name)
      json.member("status", status.name)
    }
  }

  func campaign(_ context: Context) throws(Problem) -> String {
    guard let name = context.parameters.get("name")?.decodedFromPercent, !name.isEmpty else {
      throw Problem(.badRequest, "campaign", "the address names no campaign")
    }
    return name
  }

  private func unknown(_ name: String) async throws -> Problem {
    let known = await driver.read { engine in
      (engine.source?.campaigns ?? []).compactMap { $0["campaign"]?.scalar } + engine.campaigns.keys.sorted()
    }
    if known.contains(name) {
      return Problem(
        .notFound, "campaign-not-launched", "the campaign '\(name)' was not launched",
        hint: "attune campaign launch \(name)")
    }
    return Problem(
      .notFound, "unknown-campaign", "there is no campaign '\(name)'",
      hint: nearest(to: name, among: known).map { "did you mean '\($0)'?" })
  }
}
