import AttuneModel
import Foundation
import Runtime

/// A shop with one rule and one business: three views of an item, one message.
enum Fixture {
  static let files = [
    "attune.yaml": """
    fatigue: { zone: Asia/Shanghai, user: { perDay: 5 } }
    timing: { lateness: 20ms }
    channels:
      log: { type: log, file: sent.ndjson }
    """,
    "rules/interested.yaml": """
    rule: interested
    key: [user, item]
    pattern:
      - { on: view, as: v, times: 3 }
    within: 1h
    emit: { item: v.item }
    """,
    "businesses/nudge.yaml": """
    business: nudge
    scene: trade
    when: interested
    fatigue: { days: 1, times: 1, minGap: 0s }
    filters: [consent]
    materials:
      - { id: gentle, title: "Still thinking?", body: "{{item}} is waiting for you" }
    """,
  ]

  /// Policies for the senders of others.
  static let policies = """
    zone: Asia/Shanghai
    user: { perDay: 3 }
    scenes: { feed: { times: 2, window: 1d } }
    businesses:
      news:  { scene: feed, days: 1, times: 1, minGap: 0s }
      deals: { scene: feed, days: 7, times: 2, minGap: 4h, priority: 5 }
      order: { scene: trade, days: 1, times: 50, minGap: 0s, priority: 9 }
    """

  static func source(_ files: [String: String] = files) throws -> ConfigurationSource {
    try ConfigurationFolder.read(files: files)
  }

  static func views(_ count: Int, of item: String, by user: String) -> String {
    "["
      + (0..<count).map { #"{"id":"\#(item)-\#($0)","user":"\#(user)","event":"view","item":"\#(item)"}"# }
      .joined(separator: ",") + "]"
  }
}

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("server-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The lines of a file in it; none if there is no such file.
  func lines(of file: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path + "/" + file) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
