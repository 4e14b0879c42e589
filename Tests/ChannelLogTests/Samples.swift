import AttuneModel

func at(_ seconds: Int64) -> Instant { Instant(milliseconds: seconds * 1000) }

func id(_ number: UInt64) -> CandidateID { CandidateID(partition: Int(number % 64), number: number) }

func message(_ number: UInt64, body: String = "b") -> Message {
  Message(
    id: id(number), user: "u\(number)", business: "b", channel: "log", title: "t", body: body, material: "m",
    at: at(0))
}
