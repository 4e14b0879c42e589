import AttuneModel
import Codec
import Insight
import Learning
import Reach

extension JSONWriter {
  /// `{"campaign", "status", "audience", "sent", "held", "heldOut", "refused", "clicks", "optOuts", "copies": [...],
  /// "quotas": [...], "path": [...], "judgement": {...}}`; of one that was not launched `{"campaign", "refusal"}`
  mutating func write(_ campaign: TownCampaign) {
    object { json in
      json.member("campaign", campaign.name)
      guard let report = campaign.report else { return json.member("refusal", campaign.refusal) }
      json.member("status", report.state.status.name)
      for (name, count) in [
        ("audience", report.state.audience), ("sent", report.state.sent), ("held", report.state.held),
        ("heldOut", report.state.heldOut), ("refused", report.state.refused), ("clicks", report.choice.clicks),
        ("optOuts", report.choice.optOuts),
      ] {
        json.member(name, count)
      }
      json.member("copies") { json in json.array(report.choice.copies) { $0.write($1) } }
      json.member("quotas") { json in json.array(report.choice.quotas) { $0.write($1) } }
      json.member("path") { json in json.array(campaign.diary.pages) { $0.write($1) } }
      if let judgement = campaign.judgement { json.member("judgement") { $0.write(judgement) } }
    }
  }

  private mutating func write(_ copy: ChoiceReport.Copy) {
    object { json in
      json.member("copy", copy.figures.id)
      json.member("sent", copy.figures.sent)
      json.member("clicks", copy.figures.clicks)
      json.member("optOuts", copy.figures.optOuts)
      json.member("believed", .number(copy.mean))
    }
  }

  private mutating func write(_ quota: ChoiceReport.Quota) {
    object { json in
      json.member("quota", quota.name)
      json.member("limit", quota.limit)
      json.member("used", quota.used)
      json.member("price", .number(quota.price))
    }
  }

  private mutating func write(_ page: CampaignDiary.Page) {
    object { json in
      json.member("at", page.at)
      json.member("sent", .list(page.sent.map { .number(Double($0)) }))
      json.member("prices", .list(page.prices.map { .number($0) }))
    }
  }

  private mutating func write(_ judgement: CampaignJudgement) {
    object { json in
      json.member("people", judgement.people)
      let known: [(String, Double?)] = [
        ("campaign", judgement.campaign), ("uniform", judgement.uniform),
        ("testThenWinner", judgement.testThenWinner), ("bound", judgement.bound),
        ("liftOverUniform", judgement.liftOverUniform), ("liftOverWinner", judgement.liftOverWinner),
        ("ofBound", judgement.share(judgement.campaign)),
      ]
      for (name, clicks) in known { if let clicks { json.member(name, .number(clicks)) } }
    }
  }
}
