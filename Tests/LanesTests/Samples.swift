import AttuneModel
import Lanes

func at(_ milliseconds: Int64) -> Instant { Instant(milliseconds: milliseconds) }

func id(_ number: UInt64) -> CandidateID { CandidateID(partition: Int(number % 64), number: number) }

func claim(
  _ number: UInt64, attempts: Int = 0, doubtful: Bool = false, expires: Int64? = nil,
  whenUnknown: Message.WhenUnknown = .atMostOnce
) -> Claim {
  let message = Message(
    id: id(number), user: "u\(number)", business: "b", channel: "log", title: "t", body: "b", material: "m",
    at: at(0), expires: expires.map(at), whenUnknown: whenUnknown)
  return Claim(message: message, attempts: attempts, doubtful: doubtful)
}

func settlement(
  _ number: UInt64, _ outcome: Settlement.Outcome, code: String? = nil, providerID: String? = nil,
  latency: Int64? = nil, attempts: Int = 1
) -> Settlement {
  Settlement(
    message: id(number), outcome: outcome, user: "u\(number)", channel: "log", code: code, providerID: providerID,
    latency: latency.map(TimeSpan.init(milliseconds:)), attempts: attempts)
}

let accepted = DeliveryResult(.accepted(providerID: "p"))
let retry = DeliveryResult(.retry(after: nil))
let unknown = DeliveryResult(.unknown)

func lane(_ change: (inout LaneSettings) -> Void = { _ in }) -> Lane {
  var settings = LaneSettings()
  settings.batch = 2
  settings.deadline = .seconds(10)
  change(&settings)
  return Lane(LaneID(channel: "log", class: .marketing), settings: settings)
}
