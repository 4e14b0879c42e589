import AttuneModel
import Foundation
import Store
import StoreSQLite
import Testing

@testable import Server

/// A server that cannot write says so to whoever asks whether it is ready.
@Suite struct FullDiskTests {
  @Test func aFailedCommitSpeaksAgainstIt() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("attune-test-\(UUID().uuidString)").path
    let store = try SQLiteStore.open(folder)
    defer {
      try? store.close()
      try? FileManager.default.removeItem(atPath: folder)
    }
    let health = Health(
      store: store, limits: Health.Limits(stuck: .seconds(3600), look: .zero),
      clock: ServerClock(believing: { Instant(milliseconds: 0) }))
    #expect(await health.report().reasons == [])
    health.failed(StoreError(.diskFull, "the disk is full"))
    #expect(await health.report().reasons.contains { $0.contains("the disk is full") })
    health.committed(at: Instant(milliseconds: 0))
    #expect(await health.report().reasons == [])
  }
}
