import AttuneModel
import Reach
import Runtime
import Store
import TestSupport

/// What the tests of ledger, driver and replay share: a small configuration, and folders that go away.
enum Workshop {
  static let start = Instant(milliseconds: 1_700_000_000_000)

  static let files = [
    "attune.yaml": "fatigue: { zone: Asia/Shanghai, user: { perDay: 3 } }",
    "rules/bought.yaml": """
    rule: bought
    pattern: [{ on: buy, as: b }]
    within: 1h
    emit: { item: b.item }
    """,
    "businesses/thanks.yaml": """
    business: thanks
    scene: service
    when: bought
    fatigue: { days: 1, times: 2, minGap: 0s }
    materials: [{ id: thanks, title: "谢谢", body: "{{item}}" }]
    """,
  ]

  static func source() throws -> ConfigurationSource { try ConfigurationFolder.read(files: files) }

  static func buy(_ user: String, _ item: String, after: TimeSpan, id: String? = nil) -> Input {
    .event(
      Event(id: id, user: user, name: "buy", at: start + after, properties: [Property("item", .string(item))]))
  }

  static func batch(_ after: TimeSpan, _ inputs: [Input]) -> Batch {
    Batch(pace: .live, clock: start + after, inputs: inputs)
  }

  static func inFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try await body(folder.path)
  }
}
