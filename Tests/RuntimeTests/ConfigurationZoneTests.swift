import AttuneModel
import Foundation
import Runtime
import Testing

@Suite struct ConfigurationZoneTests {
  /// The last instant before a change, and the offsets before and after, as published by IANA.
  @Test(arguments: [
    ("Europe/Berlin", "2021-03-28T01:00:00Z", 3600, 7200), ("Europe/Berlin", "2021-10-31T01:00:00Z", 7200, 3600),
    ("America/New_York", "2007-03-11T07:00:00Z", -18000, -14400),
    ("America/New_York", "2006-10-29T06:00:00Z", -14400, -18000),
    ("Asia/Shanghai", "1991-09-14T17:00:00Z", 32400, 28800),
    ("Australia/Lord_Howe", "1981-02-28T14:00:00Z", 36000, 37800),
    ("Australia/Lord_Howe", "2019-04-06T15:00:00Z", 39600, 37800),
    ("Asia/Kathmandu", "1985-12-31T18:30:00Z", 19800, 20700),
    ("Africa/Casablanca", "2019-05-05T02:00:00Z", 3600, 0), ("Africa/Casablanca", "2019-06-09T02:00:00Z", 0, 3600),
    ("America/Sao_Paulo", "2019-02-17T02:00:00Z", -7200, -10800),
    ("Pacific/Apia", "2011-12-30T10:00:00Z", -36000, 50400),
  ])
  func knownTransitions(_ name: String, _ instant: String, _ before: Int32, _ after: Int32) throws {
    let zone = try #require(ZoneTables.zone(named: name))
    let seconds = Int64(try Date(instant, strategy: .iso8601).timeIntervalSince1970)
    let index = try #require(zone.transitions.firstIndex { $0.at.milliseconds == seconds * 1000 })
    #expect(zone.transitions[index].offset == after)
    #expect((index == 0 ? zone.initialOffset : zone.transitions[index - 1].offset) == before)
  }

  @Test func shapes() throws {
    for name in ["UTC", "GMT", "Etc/GMT+5"] {
      let zone = try #require(ZoneTables.zone(named: name))
      #expect(zone.name == name && zone.transitions.isEmpty)
    }
    #expect(ZoneTables.zone(named: "Etc/GMT+5")?.initialOffset == -18000)
    #expect(ZoneTables.zone(named: "Asia/Shanghai")?.transitions.count == 12)
    #expect(ZoneTables.zone(named: "America/Sao_Paulo")?.transitions.last?.offset == -10800)
    #expect(ZoneTables.zone(named: "Asia/Calcutta")?.initialOffset == 19800)
    for name in ["", "PST", "GMT+3", "Nope/Zone", "asia/shanghai", "../etc/passwd", "Asia/", "/", "Asia/Shanghai\0"] {
      #expect(ZoneTables.zone(named: name) == nil, "\(name)")
    }
  }

  /// Every zone there is: in order, and the same as Foundation at random instants from 1970 to 2099.
  @Test func everyZoneAgainstFoundation() throws {
    var random = SeededGenerator(seed: 42)
    #expect(ZoneTables.names.count > 400)
    for name in ZoneTables.names {
      let zone = try #require(ZoneTables.zone(named: name), "\(name)")
      let source = try #require(TimeZone(identifier: name))
      let changes = zip(zone.transitions, zone.transitions.dropFirst())
      #expect(changes.allSatisfy { $0.at < $1.at && $0.offset != $1.offset }, "\(name)")
      for _ in 0..<60 {
        let seconds = Int64(random.next() % 4_102_444_800)
        let expected = source.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        let local = zone.local(Instant(milliseconds: seconds * 1000))
        #expect(local == (seconds + Int64(expected)) * 1000, "\(name) at \(seconds)")
      }
    }
  }

  @Test func cachedTablesAreTheSame() {
    #expect(ZoneTables.zone(named: "Europe/Berlin") == ZoneTables.zone(named: "Europe/Berlin"))
    #expect(ZoneTables.zone(named: "Europe/Berlin") != ZoneTables.zone(named: "Europe/Paris"))
  }
}
