import AttuneModel
import Foundation

func at(_ seconds: Int64) -> Instant { Instant(milliseconds: seconds * 1000) }

func id(_ number: UInt64) -> CandidateID { CandidateID(partition: Int(number % 64), number: number) }

func message(_ number: UInt64, body: String = "b") -> Message {
  Message(
    id: id(number), user: "u\(number)", business: "b", channel: "log", title: "t", body: body, material: "m",
    at: at(0))
}

/// A folder that goes when the test does.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("attune-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
