import AttuneModel
import Insight
import Runtime
import Store

extension TownSimulation {
  /// Looks at everything again, when all days are over.
  ///
  /// - Throws: what the store, or the log of what was sent, throws.
  func report(pending: Int, _ records: [CampaignRecord]) throws -> TownReport {
    let projector = Projector(store: store)
    try projector.catchUp()
    let tally = try projector.tally()
    let lines = try LogLine.read(Self.log(in: store.folder))
    return TownReport(
      settings: settings, tally: tally, people: TownReport.People(settings, lines, optOuts),
      stories: try Storyteller(chronicle, population, traces: { try projector.traces(of: $0) }).stories(),
      invariants: invariants(lines, tally), pending: pending, folder: store.folder, log: Self.log(in: store.folder),
      campaigns: records.sorted { $0.name < $1.name }.compactMap(campaign))
  }

  private func invariants(_ lines: [LogLine], _ tally: Tally) -> [Invariant] {
    let zones = Dictionary(population.residents.map { ($0.user, $0.zone) }) { first, _ in first }
    let checker = InvariantChecker(promises: promises, zones: zones, optOuts: optOuts)
    var complete = Invariant("as many lines in the log as messages sent, and as accepted")
    complete.count(
      isKept: lines.count == tally.total(.sent) - chronicle.withdrawn && lines.count == tally.total(.taken),
      "\(lines.count) lines, \(tally.total(.sent)) sent, \(tally.total(.taken)) accepted")
    return checker.check(lines) + [complete]
  }

  /// Nil where the configuration promises no such campaign.
  private func campaign(_ record: CampaignRecord) -> TownCampaign? {
    guard let promise = promises.campaigns[record.name] else { return nil }
    var campaign = TownCampaign(
      name: record.name, report: record.report, refusal: record.refusal,
      diary: diaries[record.name] ?? CampaignDiary(), judgement: nil, wave: promise.wave, zone: zone)
    guard record.report != nil else { return campaign }
    let audience = try? CampaignAudience(
      promise, record.materials, chronicle.verdicts(of: record.name), population, Appeal(seed: settings.seed))
    campaign.judgement = audience.map { CampaignJudgement($0, seed: settings.seed) }
    return campaign
  }
}
