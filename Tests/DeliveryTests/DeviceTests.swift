import AttuneModel
import ChannelTesting
import Delivery
import Lanes
import Store
import Synchronization
import Testing

@Suite struct DeviceTests {
  private final class Directory: DeviceDirectory {
    struct Retired: Equatable {
      var token: String
      var user: String
      var disposition: DeviceDisposition
    }
    struct Down: Error {}

    private let isDown = Mutex(true)
    private let log = Mutex<[Retired]>([])
    var retired: [Retired] { log.withLock { $0 } }
    func comeUp() { isDown.withLock { $0 = false } }

    func devices(of messages: [Message]) async throws -> [[Device]] {
      if isDown.withLock({ $0 }) { throw Down() }
      return messages.map { message in
        ["gone", "foreign", "ok"].prefix(Int(message.id.number)).map {
          Device(token: $0, platform: "ios", registered: at(0))
        }
      }
    }

    func retire(_ device: Device, of user: String, as disposition: DeviceDisposition) async throws {
      log.withLock { $0.append(Retired(token: device.token, user: user, disposition: disposition)) }
    }
  }

  /// Each user is reached once over all devices, and each token gets what its answer says.
  @Test func severalDevices() async throws {
    let directory = Directory()
    let channel = ScriptedChannel("apns") { dispatch, _ in
      DeliveryResult(
        devices: dispatch.devices.map { device in
          switch device.token {
          case "gone": DeviceResult(device: device, outcome: .failed(.unregistered), disposition: .disable)
          case "foreign":
            DeviceResult(
              device: device, outcome: .failed(.unknown("DeviceTokenNotForTopic")), disposition: .quarantine)
          default: DeviceResult(device: device, outcome: .accepted(providerID: "p"))
          }
        })
    }
    let outbox = MemoryOutbox((0...3).map { message($0, channel: "apns") })
    let clock = TestClock()
    let errors = Mutex(0)
    let sender = Sender(
      outbox: outbox, channels: [channel], directory: directory, now: { clock.now },
      trouble: { _ in errors.withLock { $0 += 1 } }
    ) { try outbox.settle($0) }
    try await sender.drain()
    #expect(outbox.states() == [.queued, .queued, .queued, .queued], "no directory, no delivery, no harm")
    #expect(channel.delivered.isEmpty)
    #expect(errors.withLock { $0 } == 1)
    directory.comeUp()
    clock.advance(.minutes(1))
    try await sender.drain()
    #expect(channel.delivered.map(\.devices.count) == [0, 1, 2, 3])
    #expect(outbox.states() == [.failed, .failed, .failed, .accepted].map { .settled($0) })
    #expect(
      directory.retired == [
        .init(token: "gone", user: "u1", disposition: .disable),
        .init(token: "gone", user: "u2", disposition: .disable),
        .init(token: "foreign", user: "u2", disposition: .quarantine),
        .init(token: "gone", user: "u3", disposition: .disable),
        .init(token: "foreign", user: "u3", disposition: .quarantine),
      ])
  }
}
