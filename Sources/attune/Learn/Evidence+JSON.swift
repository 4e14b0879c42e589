import AttuneModel
import Codec
import Insight
import Learning
import Simulation

extension Evidence {
  /// `{"seeds", "openBandit"?, "hillstrom"?, "upworthy"?}`
  var json: JSONWriter {
    var text = JSONWriter()
    text.object { json in
      json.member("seeds") { json in json.array(seeds) { $0.write(.number(Double($1))) } }
      if let openBandit { json.member("openBandit") { json in json.object { openBandit.write(into: &$0) } } }
      if let mails { json.member("hillstrom") { json in json.object { mails.write(into: &$0) } } }
      if let headlines { json.member("upworthy") { json in json.object { headlines.write(into: &$0) } } }
    }
    return text
  }
}

extension Evidence.Bandit {
  fileprivate func write(into json: inout JSONWriter) {
    json.member("n", overlap.count)
    json.member("ess", .number(overlap.effectiveSampleSize))
    json.member("maxWeight", .number(overlap.maxWeight))
    json.member("meanWeight", .number(overlap.weights.mean))
    json.member("ips", estimates.ips)
    json.member("snips", estimates.snips)
    json.member("dr", estimates.dr)
    json.member("random", estimates.baseline)
    json.member("ownLog", ownLog)
    json.member("gain", estimates.gain)
    json.member("significant", estimates.gain.isSignificant)
  }
}

extension Evidence.Mails {
  fileprivate func write(into json: inout JSONWriter) {
    json.member("n", customers)
    json.member("mens", mens)
    json.member("womens", womens)
    json.member("personalised") { json in
      json.object { json in
        json.member("gain", personalised.gain)
        json.member("significant", personalised.gain.isSignificant)
        json.member("ess", .number(personalised.effectiveSampleSize))
        json.member("shares") { json in
          json.object { json in
            for (name, share) in zip(["none", "mens", "womens"], personalised.shares) {
              json.member(name, .number(share))
            }
          }
        }
      }
    }
  }
}

extension Evidence.Headlines {
  fileprivate func write(into json: inout JSONWriter) {
    json.member("tests", tests)
    json.member("headlines", headlines)
    json.member("impressions", impressions)
    json.member("learner") { json in
      json.array(learner) { json, line in
        json.object { json in
          json.member("waves", line.waves)
          line.shares.write(into: &json)
        }
      }
    }
    json.member("testThenWinner") { json in
      json.array(testThenWinner) { json, line in
        json.object { json in
          json.member("tested", .number(line.share))
          line.shares.write(into: &json)
        }
      }
    }
  }
}

extension Moments {
  fileprivate func write(into json: inout JSONWriter) {
    json.member("share", .number(mean))
    json.member("standardError", .number(varianceOfMean.squareRoot()))
  }
}
