import AttuneModel
import Codec
import Insight
import Reach

extension JSONWriter {
  mutating func write(_ choice: ChoiceReport) {
    member("copies") { json in json.array(choice.copies) { json, copy in json.object { $0.write(copy) } } }
    member("quotas") { json in json.array(choice.quotas) { json, quota in json.object { $0.write(quota) } } }
    member("refusals") { json in
      json.array(choice.refusals) { json, refusal in
        json.object { json in
          json.member("filter", refusal.filter)
          json.member("copy", refusal.copy)
          json.member("users", refusal.users)
          json.member("cost", .number(refusal.cost))
        }
      }
    }
    member("segments") { json in
      json.array(choice.segments) { json, segment in
        json.object { json in
          json.member("segment", segment.name)
          json.member("users", segment.users)
          json.member("sent", segment.sent)
          json.member("refused", segment.refused)
          json.member("cost", .number(segment.cost))
        }
      }
    }
  }

  private mutating func write(_ copy: ChoiceReport.Copy) {
    let figures = copy.figures
    member("copy", figures.id)
    member("title", copy.title)
    member("withdrawn", figures.isWithdrawn)
    let counts: [(String, Int)] = [
      ("sent", figures.sent), ("quiet", figures.quiet), ("clicks", figures.clicks),
      ("conversions", figures.conversions), ("optOuts", figures.optOuts), ("randomSent", figures.randomSent),
      ("randomClicks", figures.randomClicks),
    ]
    for (name, count) in counts { member(name, count) }
    member("clickProbability") { json in
      json.object { json in
        json.member("mean", .number(copy.mean))
        json.member("from", .number(copy.belief.lowerBound))
        json.member("to", .number(copy.belief.upperBound))
      }
    }
    member("price", .number(copy.price))
  }

  private mutating func write(_ quota: ChoiceReport.Quota) {
    member("quota", quota.name)
    member(quota.isMinimum ? "minimum" : "limit", quota.limit)
    member("used", quota.used)
    member("price", .number(quota.price))
  }
}
