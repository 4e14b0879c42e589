import AttuneModel
import Reach
import Rules
import Runtime
import Testing

/// What the engine refuses, it says why, in the effects of the batch that asked.
@Suite struct ExplanationTests {
  private static func document(_ more: String = "", audience: String = "{ list: [u1, u2, u3] }") throws -> Node {
    try ConfigurationFolder.campaign(
      """
      campaign: sale
      scene: service
      fatigue: { days: 1, times: 1, minGap: 0s }
      audience: \(audience)
      holdout: 0%
      materials: [{ id: a, title: "A", body: "eins" }]
      \(more)
      """, file: "campaigns/sale.yaml")
  }

  private static func launch(_ engine: inout Engine, _ document: Node) throws -> (Acknowledgement, LaunchAnswer) {
    let effects = engine.live(.seconds(2), [.campaign(.pause("nobody")), .campaign(.launch(document))])
    guard case .launch(let answer) = effects.explanations[1] else { throw Diagnostics() }
    #expect(effects.explanations[0] == .order(nil))
    return (effects.acknowledgements[1], answer)
  }

  @Test func aLaunchSaysWhomItReaches() throws {
    var engine = try Fixture.engine()
    let (acknowledgement, answer) = try Self.launch(&engine, Self.document())
    #expect(acknowledgement == .accepted && answer.outcome == .begins && answer.audience == 3)
    let paused = engine.live(.seconds(3), [.campaign(.pause("sale"))])
    #expect(paused.explanations == [0: .order(engine.campaigns["sale"]?.status)])
  }

  @Test func aRefusedLaunchSaysWhereAndWhatToDo() throws {
    var engine = try Fixture.engine()
    let (acknowledgement, answer) = try Self.launch(&engine, Self.document("chanel: log"))
    let error = try #require(answer.diagnostics.errors.first)
    #expect(acknowledgement == .refused && answer.refusal == .errors)
    #expect(error.mark.file == "campaigns/sale.yaml" && error.mark.line > 1 && error.hint?.contains("channel") == true)
    for (document, refusal) in [
      (try Self.document(audience: "profile.city == 'Atlantis'"), LaunchAnswer.Refusal.emptyAudience),
      (try Self.document("window: { until: 2020-01-01T00:00 }"), .windowOver),
    ] {
      let (acknowledgement, answer) = try Self.launch(&engine, document)
      #expect(acknowledgement == .refused && answer.refusal == refusal)
      #expect(engine.check(campaign: document) == answer, "a check says what a launch says")
    }
    #expect(engine.campaigns.isEmpty)
  }

  /// Both are decided in their order: one begins it, the other is told by which document it began.
  @Test func ofTwoLaunchesInOneBatchOneBegins() throws {
    var engine = try Fixture.engine()
    let (first, second) = (try Self.document(), try Self.document("priority: 3"))
    let effects = engine.live(.seconds(2), [.campaign(.launch(first)), .campaign(.launch(second))])
    #expect(effects.acknowledgements == [.accepted, .duplicate])
    guard case .launch(let winner) = effects.explanations[0], case .launch(let loser) = effects.explanations[1] else {
      throw Diagnostics()
    }
    #expect(winner.outcome == .begins && loser.outcome == .begunBefore(first) && loser.audience == 3)
    #expect(engine.campaigns["sale"]?.document == first)
  }

  @Test func aPublicationSaysWhatItChanges() throws {
    var engine = try Fixture.engine()
    let source = try Fixture.source(changing: [
      "rules/bought.yaml": """
      rule: bought
      pattern: [{ on: buy, as: b }]
      within: 2h
      emit: { item: b.item }
      """
    ])
    let check = engine.check(source)
    let effects = engine.live(.seconds(1), [.configuration(source), .configuration(source)])
    guard case .publication(let first) = effects.explanations[0], case .publication(let again) = effects.explanations[1]
    else { throw Diagnostics() }
    #expect(first == check && first.isNew && first.zone == "Asia/Shanghai")
    #expect(first.changes.filter { $0.kind != .unchanged }.map(\.rule) == ["bought"])
    #expect(again.isAccepted && !again.isNew && again.changes.allSatisfy { $0.kind == .unchanged })
  }

  @Test func aRefusedPublicationSaysWhereAndWhatToDo() throws {
    var engine = try Fixture.engine()
    let before = engine.checkpoint()
    let source = try Fixture.source(changing: [
      "businesses/thanks.yaml": """
      business: thanks
      scene: service
      when: bougth
      fatigue: { days: 1, times: 50, minGap: 0s }
      materials: [{ id: thanks, title: "谢谢", body: "{{item}}" }]
      """
    ])
    let effects = engine.live(.zero, [.configuration(source)])
    guard case .publication(let answer) = effects.explanations[0] else { throw Diagnostics() }
    let error = try #require(answer.diagnostics.errors.first)
    #expect(effects.acknowledgements == [.refused] && answer.isNew && answer.changes.isEmpty)
    #expect(error.mark.file == "businesses/thanks.yaml" && error.mark.line == 3)
    #expect(error.hint == "did you mean 'bought'?")
    #expect(engine.checkpoint() == before)
  }

  /// A campaign that runs is a reason, too.
  @Test func aPublicationThatARunningCampaignDoesNotFitNamesIt() throws {
    var engine = try Fixture.engine()
    _ = try Self.launch(&engine, Self.document())
    _ = engine.live(.seconds(2), [.campaign(.pause("sale"))])
    let source = try Fixture.source(changing: [
      "businesses/sale.yaml": """
      business: sale
      scene: feed
      when: bought
      fatigue: { days: 1, times: 1, minGap: 0s }
      materials: [{ id: x, title: "X", body: "x" }]
      """
    ])
    let effects = engine.live(.seconds(3), [.configuration(source)])
    guard case .publication(let answer) = effects.explanations[0] else { throw Diagnostics() }
    #expect(effects.acknowledgements == [.refused])
    #expect(answer.diagnostics.errors.contains { $0.message.contains("the campaign 'sale' is ") && $0.hint != nil })
  }
}
