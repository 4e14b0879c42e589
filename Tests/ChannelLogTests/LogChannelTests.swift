import AttuneModel
import ChannelLog
import Delivery
import Foundation
import Lanes
import TestSupport
import Testing

@Suite struct LogChannelTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/sent.ndjson"
  }

  private func write(_ messages: [Message]) async throws {
    let channel = try LogChannel(path: path)
    let results = await channel.deliver(messages.map { Dispatch(message: $0) })
    #expect(results == messages.map { DeliveryResult(.accepted(providerID: $0.id.description)) })
  }

  private func objects() throws -> [[String: Any]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func lines() async throws {
    var odd = message(7, body: "想要 🎈 \"x\" \\ \n\r\t\u{0}\u{1F}\u{7F} é\u{301}")
    odd.at = Instant(milliseconds: 1_700_000_000_123)
    odd.data = [
      Property("item.name", .string("茶")), Property("price", .number(9.5)), Property("n", .number(3)),
      Property("huge", .number(1e300)), Property("not", .number(.nan)), Property("sale", .bool(true)),
      Property("tags", .list([.string("a"), .number(1), .list([])])), Property("none", .list([])),
    ]
    try await write([message(6), odd])
    let object = try #require(try objects().last)
    #expect(object["id"] as? String == "7-7")
    #expect(object["user"] as? String == "u7")
    #expect(object["business"] as? String == "b")
    #expect(object["material"] as? String == "m")
    #expect(object["title"] as? String == "t")
    #expect((object["body"] as? String)?.unicodeScalars.elementsEqual(odd.body.unicodeScalars) == true)
    #expect(object["at"] as? Int == 1_700_000_000_123)
    let data = try #require(object["data"] as? [String: Any])
    #expect(data.count == 8)
    #expect(data["item.name"] as? String == "茶")
    #expect(data["price"] as? Double == 9.5)
    #expect(data["huge"] as? Double == 1e300)
    #expect(data["not"] is NSNull)
    #expect(data["sale"] as? Bool == true)
    #expect((data["tags"] as? [Any])?.count == 3)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(#""n":3,"#))
    #expect(text.hasPrefix(#"{"id":"6-6","user":"u6","business":"b","#))
  }

  @Test func onceInTheFile() async throws {
    let channel = try LogChannel(path: path)
    let dispatches = [1, 2, 1].map { Dispatch(message: message($0)) }
    _ = await channel.deliver(dispatches)
    _ = await channel.deliver(dispatches)
    #expect(try objects().count == 2)
  }

  @Test func restartDoesNotDuplicate() async throws {
    try await write((0..<5).map { message($0) })
    try await write((3..<8).map { message($0) })
    #expect(try objects().compactMap { $0["id"] as? String } == (0..<8).map { id($0).description })
  }

  /// Cut at every byte of the last line: the torn message is written anew, the others stay.
  @Test func tornLastLine() async throws {
    try await write([message(1), message(2)])
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let first = try #require(whole.firstIndex(of: UInt8(ascii: "\n"))) + 1
    for cut in first...whole.count {
      try whole.prefix(cut).write(to: URL(fileURLWithPath: path))
      let channel = try LogChannel(path: path)
      let torn = cut < whole.count
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == (torn ? first : whole.count))
      let answers = await channel.recall([message(1), message(2)]).map { $0?.verdict(.atMostOnce) }
      #expect(answers == [.settle(.accepted), torn ? .again(after: nil, doubtful: false) : .settle(.accepted)])
      _ = await channel.deliver([2, 1].map { Dispatch(message: message($0)) })
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole, "cut at \(cut)")
    }
  }

  /// Somebody's file is never cut or continued.
  @Test(arguments: ["hello", "hello\n", "{\"id\":\"x\"}\n", "{\"id\":\"1-1\"\n", "\n", "{}", "[\n]"])
  func foreign(content: String) throws {
    try Data(content.utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: DeliveryError.self) { try LogChannel(path: path) }
    #expect(error?.code == .foreign)
    #expect(error?.description.contains("line 1 of \(path)") == true)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
  }

  @Test func oneOwner() throws {
    let owner = try LogChannel(path: path)
    #expect(throws: DeliveryError.self) { try LogChannel(path: path) }
    withExtendedLifetime(owner) {}
    let error = #expect(throws: DeliveryError.self) { try LogChannel(path: folder.path + "/no/such/folder") }
    #expect(error?.code == .io)
  }

  /// A file that may not grow further: the batch is not there at all, and comes again.
  @Test func noRoom() async throws {
    let path = path
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      let channel = try LogChannel(path: path)
      _ = await channel.deliver([Dispatch(message: message(1))])
      let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
      var limit = rlimit(rlim_cur: rlim_t(size * 2 + 10), rlim_max: .max)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let results = await channel.deliver([2, 3].map { Dispatch(message: message($0)) })
      #expect(
        results.map { $0.verdict(.atMostOnce) } == [
          .again(after: nil, doubtful: false), .again(after: nil, doubtful: false),
        ])
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == size)
      limit.rlim_cur = .max
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      _ = await channel.deliver([2, 3].map { Dispatch(message: message($0)) })
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == size * 3)
    }
  }

  /// More than is read at a time.
  @Test func longFile() async throws {
    let body = String(repeating: "long ", count: 20_000)
    try await write((0..<25).map { message($0, body: body) })
    try await write((0..<26).map { message($0, body: body) })
    #expect(try objects().count == 26)
  }
}
