public import AttuneModel

/// Whether a reach passes. Written by hand where it is hot (`Insight`), and held to this by tests.
public struct VerdictAnswer: WireType, Hashable {
  public enum Dimension: String, TextChoice { case user, scene, window, gap }

  /// What is counted without this candidate. Null for a dimension without a limit.
  public struct Dimensions: Codable, Hashable, Sendable {
    @OrNull public var user: Reading?
    @OrNull public var scene: Reading?
    @OrNull public var window: Reading?
    @OrNull public var gap: Gap?
  }

  public struct Reading: Codable, Hashable, Sendable {
    public var count: Int
    public var limit: Int
    @OrNull public var next: Instant?
  }

  public struct Gap: Codable, Hashable, Sendable {
    @OrNull public var last: Instant?
    /// Milliseconds.
    public var minGap: Int64
    @OrNull public var next: Instant?
  }

  public var id: OrNull<String>?
  public var pass: Bool
  @OrNull public var reason: Dimension?
  @OrNull public var next: Instant?
  public var dimensions: Dimensions

  public static let about = "Whether a reach passes; not to pass is an answer, too."
  public static let notes = [
    "id": "The sender's own; null where it gave none.", "reason": "The first dimension that fails.",
    "next": "The earliest instant at which all would pass if nothing else happened, in milliseconds since 1970.",
    "dimensions":
      "Every count as it is without this candidate; null where there is no limit. minGap is in milliseconds.",
  ]
  public static let sample = VerdictAnswer(
    id: OrNull(wrappedValue: "push-1"), pass: true, reason: nil, next: nil,
    dimensions: Dimensions(
      user: Reading(count: 0, limit: 4, next: nil), scene: nil, window: Reading(count: 0, limit: 3, next: nil),
      gap: Gap(last: nil, minGap: 14_400_000, next: nil)))
}

/// An item of a batch that has no answer.
public struct FailedItemAnswer: WireType, Hashable {
  public struct Fault: Codable, Hashable, Sendable {
    public var code: String
    public var message: String
    @OrNull public var hint: String?
    public var pointer: String?
  }

  public var index: Int
  @OrNull public var id: String?
  public var error: Fault

  public static let about = "An item of a batch that has no answer, and why."
  public static let notes = ["index": "Its place in the request, from 0.", "id": "Null where none could be read."]
  public static let sample = FailedItemAnswer(
    index: 2, id: "c",
    error: Fault(
      code: "unknown-business", message: "the fatigue policy has no business 'nws'", hint: "did you mean 'news'?"))
}

/// A verdict, or why there is none.
public enum VerdictItemAnswer: SchemaSource, Codable, Hashable, Sendable {
  case verdict(VerdictAnswer)
  case failed(FailedItemAnswer)

  public static let schema = Schema.either([Schema(of: VerdictAnswer.self), Schema(of: FailedItemAnswer.self)])

  public init(from decoder: any Decoder) throws {
    self =
      if let failed = try? FailedItemAnswer(from: decoder) { .failed(failed) } else {
        .verdict(try VerdictAnswer(from: decoder))
      }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .verdict(let verdict): try verdict.encode(to: encoder)
    case .failed(let item): try item.encode(to: encoder)
    }
  }
}

/// The answers to a batch of candidates, in order.
public struct VerdictsAnswer: WireType, Hashable {
  public var passed: Int
  public var refused: Int
  public var failed: Int
  public var results: [VerdictItemAnswer]

  public static let about = "The answers to a batch of candidates, in order."
  public static let sample = VerdictsAnswer(
    passed: 1, refused: 0, failed: 1, results: [.verdict(.sample), .failed(.sample)])
}

/// Whether a settlement changed anything.
public struct SettlementAnswer: WireType, Hashable {
  public var id: String
  public var changed: Bool

  public init(id: String, changed: Bool) {
    self.id = id
    self.changed = changed
  }

  public static let about = "Whether a settlement changed anything."
  public static let notes = [
    "changed": "False where the reservation was settled before, or is not, or no longer, known."
  ]
  public static let sample = SettlementAnswer(id: "push-1", changed: true)
}

/// A settlement's answer, or why there is none.
public enum SettlementItemAnswer: SchemaSource, Codable, Hashable, Sendable {
  case settled(SettlementAnswer)
  case failed(FailedItemAnswer)

  public static let schema = Schema.either([Schema(of: SettlementAnswer.self), Schema(of: FailedItemAnswer.self)])

  public init(from decoder: any Decoder) throws {
    self =
      if let failed = try? FailedItemAnswer(from: decoder) { .failed(failed) } else {
        .settled(try SettlementAnswer(from: decoder))
      }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .settled(let answer): try answer.encode(to: encoder)
    case .failed(let item): try item.encode(to: encoder)
    }
  }
}

/// The answers to a batch of settlements, in order.
public struct SettlementsAnswer: WireType, Hashable {
  public var changed: Int
  public var unchanged: Int
  public var failed: Int
  public var results: [SettlementItemAnswer]

  public static let about = "The answers to a batch of settlements, in order."
  public static let sample = SettlementsAnswer(changed: 1, unchanged: 0, failed: 0, results: [.settled(.sample)])
}
