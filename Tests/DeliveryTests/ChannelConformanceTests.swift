import AttuneModel
import ChannelTesting
import Delivery
import Lanes
import Testing

@Suite struct ChannelConformanceTests {
  @Test func scripted() async throws {
    let devices = ["a", "b"].map { Device(token: $0, platform: "ios", registered: at(0)) }
    for devices in [[], devices] {
      try await ChannelConformance(devices: devices) {
        ScriptedChannel { dispatch, _ in
          let accepted = DeliveryOutcome.accepted(providerID: nil)
          if dispatch.devices.isEmpty { return DeliveryResult(accepted) }
          return DeliveryResult(devices: dispatch.devices.map { DeviceResult(device: $0, outcome: accepted) })
        }
      }.check()
    }
  }

  /// Late, but right.
  @Test func silent() async throws {
    try await ChannelConformance {
      let channel = SilentChannel()
      channel.release()
      return channel
    }.check()
  }
}
