import AttuneModel
import Reach
import Testing

@testable import Server

/// What is counted as whose.
@Suite struct InstrumentsTests {
  private func text(_ counts: [(Tally.Stage, Origin.Source, String, Int)]) -> [Substring] {
    let instruments = Instruments()
    var effects = Effects()
    for (stage, source, detail, count) in counts {
      effects.tally.add(
        Tally.Key(day: 1, stage: stage, source: source, scene: "s", business: "b", detail: detail), count)
    }
    instruments.committed(effects)
    return instruments.factory.text().split(separator: "\n")
  }

  /// However many businesses and campaigns there have been.
  @Test func countsByBusinessAreBounded() {
    let instruments = Instruments()
    for number in 0..<300 {
      var effects = Effects()
      let source = Origin.Source.rule("r")
      for stage in [Tally.Stage.sent, .opened, .matched] {
        effects.tally.add(
          Tally.Key(day: 1, stage: stage, source: source, scene: "s", business: "b\(number)", detail: "d"), 2)
      }
      instruments.committed(effects)
    }
    let lines = instruments.factory.text().split(separator: "\n").filter {
      $0.hasPrefix("attune_business_messages_total{")
    }
    #expect(lines.count == 2 * 101, "\(lines.count)")
    #expect(lines.contains("attune_business_messages_total{business=\"b99\",outcome=\"sent\"} 2"))
    #expect(lines.contains("attune_business_messages_total{business=\"(others)\",outcome=\"opened\"} 400"))
  }

  @Test func aCampaignsRefusalsAreNoReservations() {
    let lines = text([(.refused, .campaign, "fatigue.window", 3), (.refused, .reservation, "fatigue.window", 2)])
    #expect(
      lines.contains { $0.hasPrefix("attune_reservations_total{") && $0.contains("\"window\"") && $0.hasSuffix(" 2") },
      "\(lines)")
  }

  @Test func aCampaignsSettlementsAreCountedAsThoseOfRules() {
    let lines = text([
      (.taken, .campaign, "a", 5), (.taken, .rule("r"), "m", 2), (.taken, .reservation, "", 11),
      (.failed, .campaign, "a", 1),
    ])
    #expect(lines.contains("attune_messages_settled_total{outcome=\"accepted\"} 7"), "\(lines)")
    #expect(lines.contains("attune_messages_settled_total{outcome=\"failed\"} 1"))
  }
}
