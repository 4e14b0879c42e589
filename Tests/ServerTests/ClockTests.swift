import AttuneModel
import Foundation
import Synchronization
import Testing

@testable import Server

/// A machine whose clock is set wrong.
@Suite struct ClockTests {
  /// The machine's clock, and one that goes on as it should.
  private final class Machine: Sendable {
    private let start = ContinuousClock.now
    private let offset = Mutex(TimeSpan.zero)

    var clock: ServerClock {
      ServerClock(
        machine: { self.now }, count: { TimeSpan(milliseconds: Int64((.now - self.start) / .milliseconds(1))) })
    }
    var now: Instant { SystemClock.now() + offset.withLock { $0 } }
    func jump(_ span: TimeSpan) { offset.withLock { $0 = span } }
  }

  @Test func aJumpWhileItRunsIsNotBelieved() async throws {
    let machine = Machine()
    try await TestServer.run(in: TemporaryFolder(), clock: machine.clock) { server async throws in
      machine.jump(.days(2))
      let doubtful = try await server.get("/readyz")
      #expect(doubtful.status == 503 && doubtful.text.contains("jumped ahead by 172800 s"), "\(doubtful.text)")
      #expect(doubtful.text.contains("attune clock reset"))
      #expect(try await server.post("/v1/events", Fixture.views(1, of: "x", by: "u")).json["late"] == 0)
      machine.jump(.zero)
      #expect(try await server.get("/readyz").status == 200, "the clock is right again, and nothing has happened")
      #expect(try await server.post("/v1/events", Fixture.views(1, of: "x", by: "u")).json["late"] == 0)
    }
  }

  /// A server that starts with a wrong clock has nothing to compare it with.
  @Test func aStartWithAWrongClockIsMended() async throws {
    let folder = try TemporaryFolder()
    let machine = Machine()
    machine.jump(.days(2))
    try await TestServer.run(in: folder, clock: machine.clock) { server async throws in
      #expect(try await server.post("/v1/events", Fixture.views(1, of: "x", by: "u")).status == 202)
    }
    machine.jump(.zero)
    try await TestServer.run(in: folder, clock: machine.clock) { server async throws in
      let misled = try await server.get("/readyz")
      #expect(misled.status == 503 && misled.text.contains("every event is late"), "\(misled.text)")
      #expect(try await server.post("/v1/events", Fixture.views(1, of: "x", by: "v")).json["late"] == 1)
      let reset = try await server.send(.post, "/v1/clock/reset")
      #expect(reset.status == 200, "\(reset.text)")
      #expect(try await server.get("/readyz").status == 200)
      #expect(try await server.post("/v1/events", Fixture.views(1, of: "x", by: "w")).json["late"] == 0)
    }
    // The order is in the journal.
    try await TestServer.run(in: folder, clock: machine.clock) { server async throws in
      #expect(try await server.get("/readyz").status == 200)
      #expect(try await server.post("/v1/events", Fixture.views(1, of: "x", by: "z")).json["late"] == 0)
    }
  }

  /// The clock was wrong when the server started, and is set right while it runs.
  @Test func aCorrectionIsBelievedWhenSomebodySaysSo() async throws {
    let machine = Machine()
    machine.jump(.days(-2))
    try await TestServer.runFatigue(in: TemporaryFolder(), clock: machine.clock) { server async throws in
      machine.jump(.zero)
      #expect(try await server.get("/readyz").status == 503)
      #expect(try await server.send(.post, "/v1/clock/reset").status == 200)
      #expect(try await server.get("/readyz").status == 200)
    }
  }
}
