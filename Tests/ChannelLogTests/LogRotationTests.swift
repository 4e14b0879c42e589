import AttuneModel
import ChannelLog
import Delivery
import Foundation
import Lanes
import TestSupport
import Testing

/// The file under the hands of others, and under a store that is not the one that wrote it.
@Suite struct LogRotationTests {
  private let folder: TemporaryFolder
  private let path: String
  private let files = FileManager.default

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/sent.ndjson"
  }

  private func ids(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      let object = try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      return try #require(object["id"] as? String)
    }
  }

  private func send(_ channel: LogChannel, _ numbers: UInt64...) async {
    let results = await channel.deliver(numbers.map { Dispatch(message: message($0)) })
    #expect(results.map { $0.verdict(.atMostOnce) } == numbers.map { _ in .settle(.accepted) })
  }

  @Test(arguments: ["renamed", "removed", "replaced"]) func rotatedByName(how: String) async throws {
    let channel = try LogChannel(path: path)
    await send(channel, 1)
    if how == "removed" {
      try files.removeItem(atPath: path)
    } else {
      try files.moveItem(atPath: path, toPath: path + ".1")
    }
    if how == "replaced" { #expect(files.createFile(atPath: path, contents: nil)) }
    await send(channel, 1, 2)
    await send(channel, 3)
    #expect(try ids(path) == ["2-2", "3-3"])
    if how != "removed" { #expect(try ids(path + ".1") == ["1-1"]) }
    #expect(throws: DeliveryError.self, "the new file is locked too") { try LogChannel(path: path) }
  }

  @Test func rotatedByCutting() async throws {
    let channel = try LogChannel(path: path)
    await send(channel, 1, 2)
    #expect(truncate(path, 0) == 0)
    await send(channel, 3)
    #expect(try ids(path) == ["3-3"])
    #expect(try !Data(contentsOf: URL(fileURLWithPath: path)).contains(0))
  }

  /// Cut within a line, as no rotation does: nothing is added to what is left of it.
  @Test func cutWithinALine() async throws {
    let channel = try LogChannel(path: path)
    await send(channel, 1, 2)
    let size = try #require(files.attributesOfItem(atPath: path)[.size] as? Int)
    #expect(truncate(path, off_t(size - 20)) == 0)
    await send(channel, 3)
    #expect(try ids(path) == ["1-1", "3-3"])
    #expect(truncate(path, 10) == 0)
    await send(channel, 4)
    #expect(try ids(path) == ["4-4"])
  }

  /// What an earlier build left behind a cut.
  @Test func zerosBeforeALine() async throws {
    await send(try LogChannel(path: path), 1)
    let line = try Data(contentsOf: URL(fileURLWithPath: path))
    try (Data(repeating: 0, count: 5000) + line).write(to: URL(fileURLWithPath: path))
    let channel = try LogChannel(path: path)
    #expect(channel.count == 1)
    await send(channel, 1)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == 5000 + line.count)
  }

  /// An older copy of a store uses its ids again: another message of the same id is another message.
  @Test func anotherMessageOfTheSameID() async throws {
    let sent = message(7)
    await send(try LogChannel(path: path), 7)
    for change in [
      { $0.user = "v" }, { $0.business = "c" }, { $0.material = "n" }, { $0.at = at(1) },
    ] as [(inout Message) -> Void] {
      var other = sent
      change(&other)
      let channel = try LogChannel(path: path)
      let before = channel.count
      let recalled = await channel.recall([sent, other]).map { $0?.verdict(.atMostOnce) }
      #expect(recalled == [.settle(.accepted), .again(after: nil, doubtful: false)])
      _ = await channel.deliver([sent, other, other].map { Dispatch(message: $0) })
      #expect(channel.count == before + 1)
    }
    #expect(try ids(path) == [String](repeating: "7-7", count: 5))
  }

  /// Texts that look like the members that follow.
  @Test func oddTexts() async throws {
    var odd = message(1, body: #","at":5}"#)
    odd.user = #"u","title":"x"#
    odd.data = [Property("at", .number(3))]
    _ = await (try LogChannel(path: path)).deliver([Dispatch(message: odd)])
    let again = try LogChannel(path: path)
    #expect(again.newest == odd.at)
    _ = await again.deliver([Dispatch(message: odd)])
    #expect(try ids(path).count == 1)
  }

  /// The store does not know of messages that it must have decided: it is a copy of before.
  @Test func aLogThatIsNewerThanTheStore() async throws {
    var late = message(1)
    late.at = at(100)
    _ = await (try LogChannel(path: path)).deliver([Dispatch(message: late)])
    func open(_ known: Instant) throws {
      _ = try LogChannelSettings().open(
        ChannelOpening(folder: folder.path, isNewStore: false, knownThrough: known) { _ in })
    }
    try open(at(100))
    let error = #expect(throws: DeliveryError.self) { try open(at(99)) }
    #expect(error?.code == .foreign && error?.description.contains("attune store accept") == true)
  }
}
