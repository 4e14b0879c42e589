import AttuneModel
import Learning
import Reach
import StoreSQLite
import Testing

@testable import Simulation

/// A campaign in the town: launched, clicked, judged by the truth.
@Suite struct TownCampaignTests {
  private static let seed: UInt64 = 3

  private func town(_ folder: String, users: Int) async throws -> TownReport {
    var configuration = try Towns.configuration()
    configuration.businesses.removeAll { $0["business"]?.scalar != "order-placed" }
    var town = try TownSimulation(
      settings: Towns.settings(seed: Self.seed, users: users), configuration: configuration
    ) { try SQLiteStore.open(folder, options: .init(synchronous: .normal)) }
    return try await town.run()
  }

  @Test func isLaunchedAndJudged() async throws {
    let report = try await Towns.withFolder { try await town($0, users: 300) }
    let campaign = try #require(report.campaigns.first, "seed \(Self.seed)")
    let state = try #require(campaign.report?.state, "\(campaign.refusal ?? "")")
    #expect(state.status == .finished && state.sent > 150 && state.heldOut > 0, "seed \(Self.seed): \(state)")
    #expect(campaign.report?.choice.clicks ?? 0 > 10, "seed \(Self.seed)")
    for invariant in report.invariants {
      #expect(invariant.holds, "seed \(Self.seed): \(invariant.name): \(invariant.examples)")
    }
    #expect(report.invariants.count { $0.name.contains("campaign") } == 3)
    #expect(campaign.diary.pages.last?.sent.reduce(0, +) == state.sent)

    let judgement = try #require(campaign.judgement)
    #expect(judgement.people >= state.sent + state.held && judgement.people <= state.audience - state.heldOut)
    let bound = try #require(judgement.bound)
    #expect(judgement.campaign > 0 && judgement.campaign <= bound, "seed \(Self.seed): \(judgement)")
    #expect(judgement.uniform < bound && judgement.testThenWinner < bound)

    let text = DemoStory(report).text
    for part in ["The campaign spring-clearing, launched 2026-03-02 10:", "zh-giving, at least", "test, then winner"] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
  }

  @Test func oneThatCannotBeLaunchedIsToldOf() async throws {
    let report = try await Towns.withFolder { try await town($0, users: 20) }
    #expect(report.campaigns.first?.report == nil)
    #expect(DemoStory(report).text.contains("was not launched: the minimums add up to 40, the audience is"))
  }

  /// Two copies, each the only one that half of the people click.
  private func audience(_ choices: [Int?], total: Int? = nil, most: Int? = nil) throws -> CampaignAudience {
    let chances = choices.indices.map { $0 % 2 == 0 ? [0.5, 0] : [0, 0.5] }
    return try CampaignAudience(
      chances: chances, choices: choices.map { copy in copy.map { .init(copy: $0) } },
      Promises.Campaign(copies: [.init("a", maximum: most), .init("b")], total: total))
  }

  @Test func whoKnowsEverybodyReachesTheBound() throws {
    let best = CampaignJudgement(try audience((0..<400).map { $0 % 2 }), seed: 1)
    #expect(best.campaign == 200 && ((best.bound ?? 0) - 200).magnitude < 1)
    #expect((90...110).contains(best.uniform), "\(best)")
    #expect((90...115).contains(best.testThenWinner), "one copy suits half of them: \(best)")
    #expect(best.betterThanUniform == 100 && best.betterThanWinner == 100)
    let worst = CampaignJudgement(try audience((0..<400).map { 1 - $0 % 2 }), seed: 1)
    #expect(worst.campaign == 0 && worst.liftOverUniform == -1)
  }

  @Test func quotasBindEveryWay() throws {
    let judgement = CampaignJudgement(try audience((0..<400).map { $0 % 2 }, total: 100, most: 10), seed: 2)
    #expect(judgement.uniform < 35, "a hundred messages at a quarter, and fewer of the first copy: \(judgement)")
    #expect(judgement.testThenWinner < 35)
    #expect(((judgement.bound ?? 0) - 50).magnitude < 1)
  }

  @Test func aMessageIsWorthItsLoudness() throws {
    let audience = try CampaignAudience(
      chances: [[0.5], [0.5]], choices: [.init(copy: 0), .init(copy: 0, isQuiet: true)],
      Promises.Campaign(copies: [.init("a")]))
    #expect(audience.clicks == 0.5 + 0.5 * Appeal.quiet)
  }

  @Test func appealIsDrawnFromTheSeed() {
    var generator = SeededGenerator(seed: 1)
    let residents = (0..<50).map { number in
      Resident(
        number: number, at: TownSettings.monday, zones: Resident.Zones(), topics: [], categories: 2,
        &generator)
    }
    func clicks(_ seed: UInt64, _ copy: String) -> [Double] {
      residents.map { Appeal(seed: seed).click(on: copy, by: $0) }
    }
    #expect(clicks(1, "a") == clicks(1, "a"))
    #expect(clicks(1, "a") != clicks(2, "a") && clicks(1, "a") != clicks(1, "b"))
    #expect(clicks(1, "a").allSatisfy { $0 > 0.005 && $0 < 0.9 })
  }

  @Test func columnsAreWholeWaves() throws {
    var diary = CampaignDiary()
    let start = TownSettings.monday
    for minute in [0, 1, 10, 40] as [Int64] {
      diary = diary.adding(at: start + .minutes(minute), sent: [Int(minute) * 10 + 10, 10])
    }
    let (length, columns) = diary.columns(of: .minutes(10), atMost: 3)
    #expect(length == .minutes(20))
    #expect(columns.map(\.sent) == [[110, 10], [110, 10], [410, 10]])
    let shares = CampaignDiary.shares(columns)
    #expect(shares[1] == [10.0 / 120, nil, 0])
    #expect(CampaignDiary().columns(of: .zero, atMost: 0).pages.isEmpty)
  }
}

extension CampaignDiary {
  fileprivate func adding(at: Instant, sent: [Int]) -> CampaignDiary {
    CampaignDiary(pages: pages + [Page(at: at, sent: sent, prices: [])])
  }
}
