import Model
import Testing

@testable import Learning

@Suite struct TextPriorTests {
  @Test func aNewCopyStartsFromItsLikes() throws {
    var prior = TextPrior()
    let unknown = prior.belief(of: "今天下雨，记得带伞")
    #expect(unknown.mean == 0)
    for day in ["今天", "明天", "周末", "下午"] {
      prior.learn("\(day)下雨，记得带伞", clicks: 80, sends: 1_000, beside: 0.04)
      prior.learn("\(day)打折，快来看看", clicks: 20, sends: 1_000, beside: 0.04)
    }
    let (rain, sale) = (prior.belief(of: "早上下雨，记得带伞"), prior.belief(of: "早上打折，快来看看"))
    #expect(rain.mean > 0.15 && sale.mean < -0.15, "\(rain) \(sale)")
    #expect(rain.mean < 0.7, "never all that the likes had")
    #expect(rain.variance >= 0.08 && rain.variance < unknown.variance)
    #expect(abs(prior.belief(of: "Your parcel has arrived").mean) < 0.1)
    // Into a learner: the new copy is believed better, and not surely so.
    var learner = Learner(dimensions: 2, copies: 2)
    learner.add(copy: rain)
    let scores = learner.scores(for: Context(dimensions: 2))
    #expect(abs(scores[2].mean - scores[0].mean - rain.mean) < 1e-12 && scores[2].variance > 0.1)
  }

  @Test func whatIsImpossibleTeachesNothing() throws {
    var prior = TextPrior()
    let before = prior
    for (clicks, sends, rate) in [(-1, 10, 0.1), (11, 10, 0.1), (0, 0, 0.1), (1, 2, 0), (1, 2, 1), (1, 2, .nan)] {
      prior.learn("a text", clicks: clicks, sends: sends, beside: rate)
    }
    #expect(prior == before)
    for _ in 0..<20 {
      prior.learn("a text", clicks: .max, sends: .max, beside: 1e-8)
      prior.learn("a text", clicks: 0, sends: .max, beside: 0.5)
      prior.learn("", clicks: 1, sends: 1, beside: 0.5)
    }
    let belief = prior.belief(of: "a text")
    #expect(belief.mean.isFinite && belief.variance.isFinite && belief.variance > 0)
    #expect(try TextPrior(decoding: prior.encoded()) == prior)
    #expect(throws: BinaryError.self) { try TextPrior(decoding: [1, 2]) }
  }
}
