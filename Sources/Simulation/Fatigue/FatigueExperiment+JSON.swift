import AttuneModel
public import Codec
import Fatigue
import Insight

extension JSONWriter {
  /// `{"seed", "users", "days", "sources": [{"name", "candidates", "change", "businesses": {NAME: {"days", "times",
  /// "minGap", "daysAfter"}}, "1.0": {...}, "2.0": {...}}]}`, each version
  /// `{"reaches", "adjacentDays", ...: {"users", "cases"}, "medianGap"?, "gaps": {BUCKET: n}, "refused": {DIMENSION: n}}`;
  /// instants and spans in ms.
  public mutating func write(_ experiment: FatigueExperiment) {
    object { json in
      json.member("seed", String(experiment.seed))
      json.member("users", experiment.users)
      json.member("days", experiment.days)
      json.member("sources") { json in json.array(experiment.results) { $0.write($1) } }
    }
  }

  private mutating func write(_ result: FatigueExperiment.Result) {
    let traffic = result.traffic
    object { json in
      json.member("name", traffic.name)
      json.member("candidates", traffic.candidates.count)
      json.member("change", traffic.change)
      json.member("businesses") { json in
        json.object { json in
          for (name, limit) in traffic.policy.businesses.sorted(by: { $0.key < $1.key }) {
            json.member(name) { json in
              json.object { json in
                json.member("days", limit.days)
                json.member("times", limit.times)
                json.member("minGap", Int(limit.minGap.milliseconds))
                json.member("daysAfter", traffic.changed.businesses[name]?.days ?? limit.days)
              }
            }
          }
        }
      }
      json.member("1.0") { $0.write(result.one) }
      json.member("2.0") { $0.write(result.two) }
    }
  }

  private mutating func write(_ measures: FatigueMeasures) {
    let counts: [(String, FatigueMeasures.Count)] = [
      ("reaches", measures.reaches), ("adjacentDays", measures.adjacentDays), ("withinPeriod", measures.withinPeriod),
      ("hourAfterChange", measures.hourAfterChange), ("afterChange", measures.afterChange),
      ("closerThanGap", measures.closerThanGap), ("moreThanTimes", measures.moreThanTimes),
    ]
    object { json in
      for (name, count) in counts {
        json.member(name) { json in
          json.object { json in
            json.member("users", count.users)
            json.member("cases", count.cases)
          }
        }
      }
      if let gap = measures.medianGap { json.member("medianGap", Int(gap.milliseconds)) }
      json.member("gaps") { json in
        json.object { json in
          for (bucket, count) in zip(FatigueMeasures.buckets, measures.gaps) { json.member(bucket.name, count) }
        }
      }
      json.member("refused") { json in
        json.object { json in
          for dimension in FatigueVerdict.Dimension.allCases {
            json.member(dimension.rawValue, measures.refused[dimension] ?? 0)
          }
        }
      }
    }
  }
}
