import AttuneModel

func at(_ seconds: Int64) -> Instant { Instant(milliseconds: seconds * 1000) }

func id(_ number: UInt64) -> CandidateID { CandidateID(partition: Int(number % 64), number: number) }

func message(
  _ number: UInt64, channel: String = "log", expires: Int64? = nil, whenUnknown: Message.WhenUnknown = .atMostOnce,
  class: Message.Class = .marketing
) -> Message {
  Message(
    id: id(number), user: "u\(number)", business: "b", channel: channel, title: "t", body: "b", material: "m",
    at: at(0), expires: expires.map(at), whenUnknown: whenUnknown, class: `class`)
}
