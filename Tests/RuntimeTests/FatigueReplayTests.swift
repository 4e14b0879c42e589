import AttuneModel
import Fatigue
import Foundation
import Ingest
import Runtime
import Testing

/// Files of candidates, and what the two versions say to them.
@Suite struct FatigueReplayTests {
  private let zones = ["Asia/Shanghai", "America/New_York", "Pacific/Auckland"]
  private let businesses = ["降价", "order-status", "digest"]

  private func policy(_ random: inout SeededGenerator) -> String {
    func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }
    let limits = businesses.map { name in
      """
      "\(name)":{"scene":"\(["feed", "trade"][number(0...1)])","days":\(number(1...3)),"times":\(number(0...3)),\
      "minGap":"\(number(0...5))h","priority":\(number(0...9)),"counts":\(number(0...5) > 0)}
      """
    }
    return """
      {"zone":"\(zones[number(0...2)])","user":{"perDay":\(number(0...5)),"reserve":1,"reservePriority":8},\
      "scenes":{"feed":{"times":\(number(1...4)),"window":"\(number(1...30))h"}},"businesses":{\
      \(limits.joined(separator: ","))},"origin":\(number(0...1_000_000_000))}
      """
  }

  /// The same lines twice: as text, and driven into the control by hand.
  private func lines<Control: FatigueControl>(
    _ control: inout Control, seed: UInt64
  ) throws -> (text: [String], verdicts: [FatigueVerdict]) {
    var random = SeededGenerator(seed: seed)
    var text: [String] = []
    var verdicts: [FatigueVerdict] = []
    var users: [Int: String] = [:]
    var at: Int64 = 1_792_000_000_000
    for index in 0..<400 {
      at += .random(in: -1_800_000...10_800_000, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0:
        let json = policy(&random)
        text.append(#"{"at":\#(at),"policy":\#(json)}"#)
        control.policy = try FatiguePolicy(text: json, file: "")
      case 1, 2:
        let id = Int.random(in: 0...index, using: &random)
        let settlement = FatigueSettlement.allCases.randomElement(using: &random) ?? .commit
        text.append(#"{"at":\#(at),"settle":"\#(settlement)","id":"\#(id)"}"#)
        if let user = users[id] { control.settle(id: UInt64(id), user: user, as: settlement) }
      default:
        let user = ["ann", "李雷"].randomElement(using: &random) ?? ""
        let business = businesses.randomElement(using: &random) ?? ""
        let zone = Bool.random(using: &random) ? zones.randomElement(using: &random) : nil
        let named = zone.map { #","zone":"\#($0)""# } ?? ""
        text.append(#"{"id":\#(index),"at":\#(at),"user":"\#(user)","business":"\#(business)"\#(named)}"#)
        let verdict = try control.reserve(
          id: UInt64(index), user: user, business: business, zone: zone.flatMap { ZoneTables.zone(named: $0) },
          at: Instant(milliseconds: at))
        if verdict.passes { users[index] = user }
        verdicts.append(verdict)
      }
    }
    return (text, verdicts)
  }

  private func agrees<Control: FatigueControl>(_ type: Control.Type, seed: UInt64) async throws -> Int {
    var random = SeededGenerator(seed: seed)
    let start = try FatiguePolicy(text: policy(&random), file: "policy")
    var control = Control(policy: start)
    let (lines, expected) = try lines(&control, seed: seed)
    return try await Workshop.inFolder { folder in
      let path = folder + "/c.ndjson"
      try lines.joined(separator: seed % 2 == 0 ? "\n" : "\r\n\r\n").write(
        toFile: path, atomically: true, encoding: .utf8)
      var file = try CandidateFile(path: path)
      var replay = FatigueReplay<Control>(policy: start)
      var verdicts: [FatigueVerdict] = []
      try replay.run(&file) { verdicts.append(try $1.get()) }
      #expect(verdicts == expected, "seed \(seed)")
      return verdicts.count { $0.passes }
    }
  }

  @Test func aFileIsTheSameAsDrivingItByHand() async throws {
    let base = UInt64.random(in: 0...(.max))
    var passed = (0, 0)
    for seed in (0..<12).map({ base &+ $0 }) {
      passed.0 += try await agrees(FatigueTracker.self, seed: seed)
      passed.1 += try await agrees(FixedWindowFatigue.self, seed: seed)
    }
    #expect(passed.0 > 50 && passed.1 > 50, "seed \(base): \(passed)")
  }

  /// Nil where the id is in use.
  private func verdicts(_ lines: [String]) async throws -> [Bool?] {
    try await Workshop.inFolder { folder in
      let path = folder + "/c.ndjson"
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      var file = try CandidateFile(path: path)
      let policy = """
        { zone: UTC, user: { perDay: 100 }, businesses: { b: { scene: s, days: 1, times: 1, minGap: 0s } } }
        """
      var replay = FatigueReplay<FatigueTracker>(policy: try FatiguePolicy(text: policy, file: "policy"))
      var verdicts: [Bool?] = []
      try replay.run(&file) { verdicts.append(try? $1.get().passes) }
      return verdicts
    }
  }

  private func ask(_ id: String, user: String = "u") -> String {
    #"{"id":\#(id),"at":0,"user":"\#(user)","business":"b"}"#
  }

  /// As a server has it: one reservation an id, of one user and business; a released id is free, and counts anew.
  @Test func anIdNamesOneReservation() async throws {
    func settle(_ outcome: String) -> String { #"{"settle":"\#(outcome)","id":1}"# }
    #expect(
      try await verdicts([ask("1"), ask("1", user: "v"), ask("2", user: "v"), ask("1")]) == [true, nil, true, true])
    #expect(try await verdicts([ask("1"), settle("commit"), ask("1", user: "v")]) == [true, nil])
    #expect(try await verdicts([ask("1"), settle("release"), ask("1", user: "v"), ask("1")]) == [true, true, nil])
    #expect(
      try await verdicts([ask("1"), settle("release"), ask("1"), settle("commit"), ask("2")]) == [true, true, false])
    #expect(try await verdicts([ask("1"), settle("release"), ask("2"), ask("1")]) == [true, true, false])
  }

  @Test func aReleaseFreesTheSlotWheneverItComes() async throws {
    func settle(_ outcome: String) -> String { #"{"settle":"\#(outcome)","id":1}"# }
    #expect(try await verdicts([ask("1"), ask("2")]) == [true, false])
    #expect(try await verdicts([ask("1"), settle("release"), ask("2")]) == [true, true])
    #expect(try await verdicts([ask("1"), settle("unknown"), ask("2")]) == [true, false])
    #expect(try await verdicts([ask("1"), settle("unknown"), settle("release"), ask("2")]) == [true, true])
    #expect(try await verdicts([ask("1"), settle("commit"), settle("release"), ask("2")]) == [true, false])
    #expect(try await verdicts([settle("release"), ask("1"), ask("2")]) == [true, false])
  }

  @Test func anIntegerAndItsDigitsAreOneID() async throws {
    #expect(try await verdicts([ask("1"), #"{"settle":"release","id":"1"}"#, ask("2")]) == [true, true])
    #expect(try await verdicts([ask("7"), ask("\"7\""), ask("8")]) == [true, true, false])
  }

  @Test(
    arguments: [
      (#"{"id":1"#, "c.ndjson:3: byte 7: "), (#"{"id":1,"at":0,"user":"u"}"#, "c.ndjson:3: /business: 'business' is"),
      (#"{"id":1,"user":"u","business":"b"}"#, "c.ndjson:3: /at: 'at' is missing"),
      (#"{"id":1,"at":9223372036854775808,"user":"u","business":"b"}"#, "c.ndjson:3: /at: "),
      (#"{"id":1,"at":0,"user":"u","business":"bb"}"#, "no business 'bb' (hint: did you mean 'b'?)"),
      (
        #"{"id":1,"at":0,"user":"u","business":"b","zone":"Asia/Shanghia"}"#,
        "no time zone 'Asia/Shanghia' (hint: did you mean 'Asia/Shanghai'?)"
      ),
      (#"{"at":0,"settle":"comit","id":1}"#, "c.ndjson:3: /settle: 'comit' is no settlement"),
      (#"{"at":0,"settle":"commit","policy":{}}"#, "c.ndjson:3: /settle: the line has both"),
      (#"{"at":0,"policy":5}"#, "c.ndjson:3: /policy: the policy is not an object"),
      (#"{"at":0,"policy":{"zone":"UTC","user":{"perDay":-1}}}"#, "c.ndjson:3:49: error: expected perDay"),
    ])
  func aLineThatCannotBeFollowedIsNamed(line: String, message: String) async throws {
    let error = await #expect(throws: (any Error).self) { try await verdicts([ask("1"), "", line, ask("2")]) }
    let told = error.map { "\($0)" } ?? ""
    #expect(told.contains(message), "\(told)")
  }

  @Test func bothEndsOfTime() async throws {
    let lines = ["-9223372036854775808", "9223372036854775807", "0"].enumerated().map {
      #"{"id":\#($0.offset),"at":\#($0.element),"user":"u\#($0.offset)","business":"b"}"#
    }
    #expect(try await verdicts(lines) == [true, true, true])
  }
}
