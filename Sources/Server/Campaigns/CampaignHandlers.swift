import API
import AttuneModel
import Fatigue
import HTTPTypes
import Hummingbird
import Materials
import Platform
import Reach
import Runtime

/// Campaigns: launched, watched, paused, stopped.
struct CampaignHandlers: Sendable {
  let driver: Driver
  /// The library that their copies may come from.
  let shelf: CopyShelf
  let work: WorkQueue
  /// Bytes of a campaign.
  let documentLimit: Int

  /// Those of the configuration, and all that were launched.
  func listCampaigns(_ call: Call) async throws -> Response {
    let (written, states) = await driver.read { ($0.source?.campaigns ?? [], $0.campaigns) }
    let names = Set(written.compactMap { $0["campaign"]?.scalar }).union(states.keys).sorted()
    return try .json(
      .ok,
      CampaignsAnswer(
        campaigns: names.map { name in
          CampaignsAnswer.Entry(
            campaign: name, status: states[name]?.status.name ?? "written", audience: states[name]?.audience ?? 0,
            remaining: states[name]?.remaining ?? 0, sent: states[name]?.sent ?? 0)
        }))
  }

  /// How far it is, what its copies bring, what its quotas are worth.
  func getCampaign(_ call: Call) async throws -> Response {
    let name = try call.part("name", "campaign")
    let engine = await driver.read(\.withoutUsers)
    let (report, now) = (await work.run { engine.report(ofCampaign: name) }, engine.clock)
    guard let report else { throw try await unknown(name) }
    return try .json(.ok, CampaignAnswer(report, at: now, zone: engine.configuration.fatigue.zone.name))
  }

  /// As YAML or JSON, checked against the configuration in force and launched. The same one again changes nothing: 200
  /// instead of 202.
  func postCampaign(_ call: Call) async throws -> Response {
    let body = try await call.bytes(upTo: documentLimit)
    let document = try ConfigurationFolder.campaign(
      String(buffer: body), file: call.isJSON ? "campaign.json" : "campaign.yaml")
    return try await launch(document, call)
  }

  /// One that stands in the configuration.
  func launchCampaign(_ call: Call) async throws -> Response {
    let name = try call.part("name", "campaign")
    let written = await driver.read { $0.source?.campaigns ?? [] }
    guard let document = written.first(where: { $0["campaign"]?.scalar == name }) else { throw try await unknown(name) }
    return try await launch(document, call)
  }

  func pauseCampaign(_ call: Call) async throws -> Response {
    try await order(CampaignOrder.pause, call, "paused")
  }

  func resumeCampaign(_ call: Call) async throws -> Response {
    try await order(CampaignOrder.resume, call, "running")
  }

  func stopCampaign(_ call: Call) async throws -> Response {
    let recall = call.query.flag("recall")
    return try await order({ .stop($0, recall: recall) }, call, "stopped")
  }

  private func launch(_ written: Node, _ call: Call) async throws -> Response {
    let document = try await spelledOut(written)
    let dryRun = call.query.flag("dryRun")
    // Users that would be handed in before.
    let announced = dryRun ? call.query.integer("audience") ?? 0 : 0
    let name = document["campaign"]?.scalar ?? ""
    let answer =
      dryRun
      ? await check(document, announced: announced) : try await driver.launch(document)
    if let problem = Problem(answer) { throw problem }
    var isNew = true
    if case .begunBefore(let first) = answer.outcome {
      try refuse(document, unlessSameAs: first)
      isNew = false
    }
    let state = await driver.read { $0.campaigns[name] }
    var response = try Response.json(
      isNew && !dryRun ? .accepted : .ok,
      CampaignLaunchAnswer(
        campaign: name, launched: !dryRun, isNew: isNew, status: state?.status.name,
        audience: state?.audience ?? answer.audience, holdout: answer.holdout, isOfProfiles: answer.isOfProfiles,
        warnings: [DiagnosticAnswer](answer.diagnostics.all)))
    if !dryRun { response.headers[.location] = Route[.getCampaign].address([name]) }
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
    let document = written.spellingOut(try await shelf.library(), &diagnostics)
    if !diagnostics.errors.isEmpty { throw diagnostics }
    return document
  }

  private func order(
    _ order: (String) -> CampaignOrder, _ call: Call, _ aim: String
  ) async throws -> Response {
    let name = try call.part("name", "campaign")
    let (isAccepted, now) = try await driver.order(order(name))
    guard let status = now else { throw try await unknown(name) }
    // Told twice, it is as it was to be.
    guard isAccepted || status.name == aim else {
      throw Problem(.conflict, "campaign-\(status.name)", "the campaign is \(status.name)")
    }
    return try .json(.ok, CampaignOrderAnswer(campaign: name, status: status.name))
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
