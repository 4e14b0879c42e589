import AttuneModel
public import Delivery
public import Lanes
import Testing

/// What every channel has to do towards a provider that works.
///
/// ```swift
/// @Test func log() async throws {
///   try await ChannelConformance { try LogChannel(path: path) }.check()
/// }
/// ```
public struct ChannelConformance {
  private let devices: [Device]
  private let restart: () throws -> any Channel

  /// - Parameters:
  ///   - devices: what a user is reached on; empty for a channel without devices.
  ///   - restart: gives the channel as a new process finds it.
  public init(devices: [Device] = [], restart: @escaping () throws -> any Channel) {
    self.devices = devices
    self.restart = restart
  }

  /// Records an issue for everything that is not so.
  ///
  /// - Throws: what `restart` throws, and where nothing more can be checked.
  public func check() async throws {
    let sent = try await deliver(to: restart())
    try await recall(sent, by: restart())
  }

  private func deliver(to channel: any Channel) async throws -> [Message] {
    #expect(!channel.name.isEmpty)
    #expect(await channel.deliver([]).isEmpty)
    #expect(await channel.recall([]).isEmpty)
    let texts = ["plain", "", "想要 🎈 ñ", "\"quotes\" \\ and \n lines\u{0} \u{1F}", "مرحبا", "\u{2028}"]
    let dispatches = texts.enumerated().map { index, text in
      Dispatch(message: message(UInt64(index), channel: channel.name, body: text), devices: devices)
    }
    let results = await channel.deliver(dispatches + [dispatches[0]])
    #expect(results.count == dispatches.count + 1, "one result a dispatch, also for one that comes twice")
    for result in results {
      #expect(result.verdict(.atMostOnce) == .settle(.accepted))
      #expect(result.devices.map(\.device) == (devices.isEmpty ? [nil] : devices))
    }
    #expect(await channel.deliver(Array(dispatches[2...3])).count == 2, "a message may come again")
    return dispatches.map(\.message)
  }

  private func recall(_ sent: [Message], by channel: any Channel) async throws {
    let answers = await channel.recall(sent + [message(999, channel: channel.name)])
    try #require(answers.count == sent.count + 1)
    for answer in answers.dropLast() { #expect(isHonest(answer, wasSent: true)) }
    #expect(isHonest(answers[sent.count], wasSent: false))
  }

  /// A channel may not know; but what it claims to know has to be so.
  private func isHonest(_ answer: DeliveryResult?, wasSent: Bool) -> Bool {
    switch answer?.verdict(.atMostOnce) {
    case nil, .settle(.unknown): true
    case .settle(.accepted): wasSent
    case .settle, .again, .paused: !wasSent
    }
  }

  private func message(_ number: UInt64, channel: String, body: String = "b") -> Message {
    Message(
      id: CandidateID(partition: Int(number % 64), number: number), user: "u\(number)", business: "b", channel: channel,
      title: "t", body: body, material: "m", at: Instant(milliseconds: 0))
  }
}
