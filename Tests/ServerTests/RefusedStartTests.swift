import AttuneModel
import Delivery
import Foundation
import NIOCore
import Store
import StoreSQLite
import Testing

@testable import Server

/// A start that is refused leaves the store as it was, and one that was an older copy forgets and swallows nothing.
@Suite struct RefusedStartTests {
  private let files = FileManager.default

  @Test func anAddressInUse() async throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    try await TestServer.run(in: first) { server in
      let taken = server.port
      await #expect(throws: IOError.self) {
        try await TestServer.run(in: second) {
          $0.address.port = taken
        } _: { _ in
        }
      }
      await #expect(throws: IOError.self) {
        try await TestServer.runFatigue(in: second) {
          $0.address.port = taken
        } _: { _ in
        }
      }
    }
    let store = try SQLiteStore.read(second.path)
    #expect(store.journal.lastSequence == 0)
    #expect(try store.notes.note("zone") == nil && store.notes.note("purpose") == nil)
  }

  @Test func anOlderStoreAndANewerLog() async throws {
    let folder = try TemporaryFolder()
    func send(_ item: String, to user: String, total: Int) async throws {
      try await TestServer.run(in: folder) { server in
        _ = try await server.send(.put, "/v1/users/\(user)", #"{"consent":true}"#)
        _ = try await server.post("/v1/events", Fixture.views(3, of: item, by: user))
        let funnel = try await server.eventually("/v1/reports/funnel") {
          $0.json["total"]["accepted"] == .number(Double(total))
        }
        #expect(funnel.json["total"]["accepted"] == .number(Double(total)))
      }
    }
    try await send("lamp", to: "u1", total: 1)
    let names = try files.contentsOfDirectory(atPath: folder.path).filter { $0 != "sent.ndjson" && $0 != "attune.lock" }
    let copy = folder.path + "/copy"
    try files.createDirectory(atPath: copy, withIntermediateDirectories: true)
    for name in names { try files.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(copy)/\(name)") }
    // Of the user's second message only the log knows then.
    try await send("desk", to: "u2", total: 2)
    for name in try files.contentsOfDirectory(atPath: folder.path) where !["sent.ndjson", "copy"].contains(name) {
      try files.removeItem(atPath: "\(folder.path)/\(name)")
    }
    for name in names { try files.copyItem(atPath: "\(copy)/\(name)", toPath: "\(folder.path)/\(name)") }
    let error = await #expect(throws: DeliveryError.self) { try await send("sofa", to: "u3", total: 2) }
    #expect(error?.code == .foreign && error?.description.contains("attune store accept") == true)
    // Accepted, what has an id that the log knows is another message, and leaves.
    _ = try SQLiteStore.accept(folder.path)
    let other = try #require((3...9999).map { "u\($0)" }.first { Partition.of(user: $0) == Partition.of(user: "u2") })
    try await send("sofa", to: other, total: 2)
    let lines = folder.lines(of: "sent.ndjson").map { JSON(Array($0.utf8)) }
    #expect(lines.map { $0["user"].text } == ["u1", "u2", other])
    #expect(lines[1]["id"] == lines[2]["id"])
  }
}
