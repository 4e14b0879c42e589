import AttuneModel
import Foundation
import GRDB
import Insight
import Materials
import Runtime
import Store
import StoreSQLite
import Testing

/// A store as a build of an earlier format left it, in a folder that goes when the test does.
final class GoldenStore {
  static let names = ["6-everything", "6-fatigue", "7-everything", "7-fatigue"]

  /// What that build told of it.
  struct Expected: Decodable {
    var lastSequence: Int64
    var checkpoints: [Int64]
    /// Names as reports have them.
    var stages: [String: Int]
    /// `queued`, `claimed`, `withheld`, `settled.OUTCOME`.
    var outbox: [String: Int]
    /// By user: id, instant, business, outcome, reason, material.
    var timelines: [String: [Answer]]
    var copies: [Copy]
  }

  struct Answer: Decodable, Equatable {
    var parts: [String?]

    init(_ trace: Trace) {
      // Reports tell the material of what was sent alone.
      let material = trace.outcome == .sent ? trace.material : nil
      parts = ["\(trace.id)", "\(trace.at.milliseconds)", trace.business, trace.outcome.name, trace.reason, material]
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      parts = [try list.decode(String.self), "\(try list.decode(Int64.self))"]
      while !list.isAtEnd { parts.append(try list.decode(String?.self)) }
    }
  }

  struct Copy: Decodable, Equatable {
    var id, title, body: String
    var tags: [String]

    init(id: String, title: String, body: String, tags: [String]) {
      (self.id, self.title, self.body, self.tags) = (id, title, body, tags)
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      id = try list.decode(String.self)
      title = try list.decode(String.self)
      body = try list.decode(String.self)
      tags = try list.decode([String].self)
    }
  }

  let expected: Expected
  private let parent = FileManager.default.temporaryDirectory.appending(path: "attune-\(UUID().uuidString)")
  var folder: String { parent.appending(path: "store").path }

  init(_ name: String) throws {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden")
    expected = try JSONDecoder().decode(
      Expected.self, from: try Data(contentsOf: golden.appending(path: name + ".json")))
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "-xzf", golden.appending(path: name + ".tar.gz").path, "-C", parent.path]
    try tar.run()
    tar.waitUntilExit()
    #expect(tar.terminationStatus == 0, "\(name).tar.gz cannot be unpacked")
  }

  deinit { try? FileManager.default.removeItem(at: parent) }

  /// What nobody else does: another hand in the closed store's file.
  func change(_ sql: String) throws {
    let database = try DatabaseQueue(path: folder + "/attune.db")
    try database.write { try $0.execute(sql: sql) }
    try database.close()
  }

  /// Everything that the build before told, told again.
  func check(_ store: OpenedStore, _ comment: Comment) throws {
    #expect(store.journal.lastSequence == expected.lastSequence, comment)
    let total = Funnel(try Projector(store: store).tally(), by: .business).total
    for (name, count) in expected.stages {
      #expect(total[try #require(Self.stages[name], "\(name)")] == count, "\(comment), \(name)")
    }
    let counts = try store.outbox.counts()
    #expect(counts.queued == expected.outbox["queued"] ?? 0, comment)
    #expect(counts.claimed == expected.outbox["claimed"] ?? 0, comment)
    for outcome in Settlement.Outcome.allCases {
      #expect(counts.settled[outcome] ?? 0 == expected.outbox["settled.\(outcome.rawValue)"] ?? 0, comment)
    }
    for (user, answers) in expected.timelines {
      #expect(try Projector(store: store).traces(of: user).map(Answer.init) == answers, "\(comment), \(user)")
    }
    let copies = try store.copies.copies().map { Copy(id: $0.id, title: $0.title, body: $0.body, tags: $0.tags) }
    #expect(copies == expected.copies, comment)
  }

  private static let stages: [String: Tally.Stage] = [
    "matched": .matched, "routed": .routed, "refused": .refused, "deferred": .deferred, "retracted": .retracted,
    "sent": .sent, "reserved": .reserved, "accepted": .taken, "failed": .failed, "unknown": .unknown,
    "withdrawn": .withdrawn, "delivered": .delivered, "opened": .opened, "dismissed": .dismissed,
    "converted": .converted, "unsubscribed": .unsubscribed,
  ]
}
