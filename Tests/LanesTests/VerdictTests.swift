import AttuneModel
import Lanes
import Testing

@Suite struct VerdictTests {
  private static let accepted = DeliveryOutcome.accepted(providerID: "p")
  private static let failed = DeliveryOutcome.failed(.unregistered)
  private static let retry = DeliveryOutcome.retry(after: .seconds(5))
  private static let longer = DeliveryOutcome.retry(after: .seconds(9))
  private static let whenever = DeliveryOutcome.retry(after: nil)

  private func verdict(_ outcomes: [DeliveryOutcome], _ whenUnknown: Message.WhenUnknown = .atMostOnce) -> Verdict {
    DeliveryResult(devices: outcomes.map { DeviceResult(device: nil, outcome: $0) }).verdict(whenUnknown)
  }

  @Test(
    arguments: [
      ([accepted], .settle(.accepted)), ([failed, .unknown, retry, accepted], .settle(.accepted)),
      ([failed, retry, .unknown], .settle(.unknown)), ([.unknown], .settle(.unknown)),
      ([failed, retry, failed], .again(after: .seconds(5), doubtful: false)),
      ([retry, longer, whenever], .again(after: .seconds(9), doubtful: false)),
      ([whenever], .again(after: nil, doubtful: false)), ([failed, failed], .settle(.failed)), ([], .settle(.failed)),
    ] as [([DeliveryOutcome], Verdict)])
  func atMostOnce(outcomes: [DeliveryOutcome], expected: Verdict) {
    #expect(verdict(outcomes) == expected)
    #expect(verdict(outcomes.reversed()) == expected)
  }

  @Test func atLeastOnce() {
    #expect(verdict([.unknown], .atLeastOnce) == .again(after: nil, doubtful: true))
    #expect(verdict([Self.failed, Self.retry, .unknown], .atLeastOnce) == .again(after: .seconds(5), doubtful: true))
    #expect(verdict([.unknown, Self.accepted], .atLeastOnce) == .settle(.accepted))
    #expect(verdict([Self.failed], .atLeastOnce) == .settle(.failed))
  }
}
