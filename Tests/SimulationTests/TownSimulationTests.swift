import AttuneModel
import Foundation
import Store
import StoreSQLite
import Synchronization
import Testing

@testable import Simulation

@Suite struct TownSimulationTests {
  private struct Traces {
    var checkpoint: [UInt8]
    var log: Data
    var tally: Tally
    var text: String
  }

  private func live(seed: UInt64) async throws -> Traces {
    try await Towns.withFolder { folder in
      var town = try TownSimulation(
        settings: Towns.settings(seed: seed), configuration: Towns.configuration()
      ) { try SQLiteStore.open(folder, options: .init(synchronous: .normal)) }
      let report = try await town.run()
      let checkpoint = try SQLiteStore.read(folder).journal.latestCheckpoint()
      let text = DemoStory(report).text.replacingOccurrences(of: folder, with: "")
      return Traces(
        checkpoint: try #require(checkpoint).state, log: try Data(contentsOf: URL(fileURLWithPath: report.log)),
        tally: report.tally, text: text)
    }
  }

  @Test func theSameSeedGivesTheSameTown() async throws {
    let (once, twice, other) = (try await live(seed: 5), try await live(seed: 5), try await live(seed: 6))
    #expect(once.tally == twice.tally)
    #expect(once.text == twice.text)
    let differs = zip(once.log, twice.log).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    #expect(differs == nil && once.log.count == twice.log.count)
    let departs = zip(once.checkpoint, twice.checkpoint).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    #expect(departs == nil && once.checkpoint.count == twice.checkpoint.count)
    #expect(once.log != other.log)
    #expect(once.checkpoint != other.checkpoint)
  }

  @Test(arguments: [1, 2] as [UInt64]) func everythingHappensAndEveryPromiseIsKept(seed: UInt64) async throws {
    try await Towns.withFolder { folder in
      var town = try TownSimulation(
        settings: Towns.settings(seed: seed, users: 160), configuration: Towns.configuration()
      ) { try SQLiteStore.open(folder, options: .init(synchronous: .normal)) }
      let hours = Mutex<[TownSimulation.Progress]>([])
      let report = try await town.run { progress in hours.withLock { $0.append(progress) } }
      for invariant in report.invariants {
        #expect(invariant.holds, "seed \(seed): \(invariant.name): \(invariant.examples)")
        #expect(invariant.checked > 0, "seed \(seed): \(invariant.name)")
      }
      for stage in [.accepted, .duplicate, .late, .matched, .refused, .deferred, .sent] as [Tally.Stage] {
        #expect(report.tally.total(stage) > 0, "seed \(seed): \(stage)")
      }
      for stage in [.taken, .delivered, .opened, .dismissed] as [Tally.Stage] {
        #expect(report.tally.total(stage) > 0, "seed \(seed): \(stage)")
      }
      #expect(report.people.reached > 0 && report.people.reached + report.people.neverReached == 160)
      #expect(report.people.reached == Set(try LogLine.read(report.log).map(\.user)).count)
      let told = hours.withLock { $0 }
      #expect(told.count == 24)
      #expect(told.last?.done == 1)
      #expect(told.last?.messages == report.tally.total(.sent))
      let events = [Tally.Stage.accepted, .duplicate, .late].reduce(0) { $0 + report.tally.total($1) }
      #expect(told.last?.events == events)
      #expect(Set(report.stories.map(\.user)).count == report.stories.count)
    }
  }

  /// Its store is new: there is no library to take copies from.
  @Test func copiesOfALibraryAreRefused() async throws {
    var configuration = try Towns.configuration()
    let at = Mark(file: "campaigns/spring.yaml", line: 1, column: 1)
    func text(_ key: String, _ text: String) -> Node.Entry {
      Node.Entry(key: key, keyMark: at, value: Node(.scalar(text, quoted: true), mark: at))
    }
    let copies = Node(.sequence([Node(.mapping([text("copy", "run")]), mark: at)]), mark: at)
    configuration.campaigns = [
      Node(
        .mapping([text("campaign", "spring"), Node.Entry(key: "materials", keyMark: at, value: copies)]), mark: at)
    ]
    try await Towns.withFolder { [configuration] folder in
      let error = #expect(throws: Diagnostics.self) {
        _ = try TownSimulation(
          settings: Towns.settings(seed: 1), configuration: configuration
        ) { try SQLiteStore.open(folder, options: .init(synchronous: .normal)) }
      }
      #expect(error?.errors.first?.message == "it names copies of the library, and a new store has none")
    }
  }

  @Test func patienceWearsOutAndRecovers() throws {
    var generator = SeededGenerator(seed: 9)
    let start = TownSettings.monday
    for number in 0..<200 {
      var resident = Resident(
        number: number, at: start, zones: Resident.Zones(), topics: ["deals"], categories: 3, &generator)
      var instant = start
      var bore = 0
      while resident.bear(liking: 0, at: instant), bore < 100 {
        instant = instant + .minutes(1)
        bore += 1
      }
      #expect(bore > 0 && bore < 15, "\(resident.user) bore \(bore) messages in a row")
      let isPatient = resident.bear(liking: 1, at: instant + .days(30))
      #expect(isPatient, "\(resident.user) is patient again after a month")
      let wantsNothing = [resident.optOut(), resident.optOut()]
      #expect(wantsNothing == [false, true], "the second time it is everything")
    }
  }

  @Test func aFolderWithAStoreIsRefused() async throws {
    try await Towns.withFolder { folder in
      let settings = Towns.settings(seed: 1, users: 1)
      var town = try TownSimulation(
        settings: settings, configuration: Towns.configuration()
      ) { try SQLiteStore.open(folder, options: .init(synchronous: .normal)) }
      _ = try await town.run()
      let error = #expect(throws: StoreError.self) {
        try TownSimulation(
          settings: settings, configuration: Towns.configuration()
        ) { try SQLiteStore.open(folder, options: .init(synchronous: .normal)) }
      }
      #expect(error?.code == .duplicate)
    }
  }

  /// Messages that come again because the log could not be written make another town: better none, and the reason.
  @Test func aLogThatFailsEndsIt() throws {
    let chronicle = Chronicle(campaigns: [])
    try chronicle.check()
    chronicle.note(StoreError(.diskFull, "the disk is full"))
    chronicle.note(StoreError(.locked, "somebody else has it"))
    let error = #expect(throws: StoreError.self) { try chronicle.check() }
    #expect(error?.code == .diskFull)
  }

  @Test func aConfigurationWithErrorsIsRefused() async throws {
    try await Towns.withFolder { folder in
      var configuration = try Towns.configuration()
      configuration.rules = []
      #expect(throws: Diagnostics.self) {
        try TownSimulation(
          settings: Towns.settings(seed: 1), configuration: configuration
        ) { try SQLiteStore.open(folder, options: .init(synchronous: .normal)) }
      }
      #expect(!FileManager.default.fileExists(atPath: folder), "nothing was made")
    }
  }

  @Test func settingsStayWithinReason() {
    let settings = TownSettings(users: -1, days: .max, start: .distantFuture, tick: .zero)
    #expect(settings.users == 1 && settings.days == 366 && settings.tick == .seconds(1))
  }
}
