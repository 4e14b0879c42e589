/// What became of an item of a request.
public enum ItemStatus: String, TextChoice {
  case accepted, duplicate, late, unknownMessage, refused

  /// Sending it again would change nothing.
  public var isTaken: Bool { self == .accepted || self == .duplicate || self == .late }

  /// The member that counts it.
  public var plural: String {
    switch self {
    case .duplicate: "duplicates"
    case .unknownMessage: "unknownMessages"
    case .accepted, .late, .refused: rawValue
    }
  }
}

/// One item of a request, and what became of it; a refused one says why.
public struct ItemAnswer: Codable, Hashable, Sendable {
  /// Its place in the request, from 0.
  public var index: Int
  public var status: ItemStatus
  public var code: String?
  public var pointer: String?
  public var message: String?
  public var hint: OrNull<String>?
}

/// What became of events; written by hand where it is hot, and held to this by tests.
public struct EventsAnswer: WireType, Hashable {
  public var accepted: Int
  public var duplicates: Int
  public var late: Int
  public var refused: Int
  public var results: [ItemAnswer]

  public static let about = "What became of each event, in order."
  public static let notes = [
    "duplicates": "Events that were there before, by their id: nothing is counted twice.",
    "late": "Older than what was decided already: counted, and they trigger nothing.",
  ]
  public static let sample = EventsAnswer(
    accepted: 1, duplicates: 0, late: 0, refused: 1,
    results: [
      ItemAnswer(index: 0, status: .accepted),
      ItemAnswer(
        index: 1, status: .refused, code: "missing", pointer: "/1/event", message: "'event' is missing",
        hint: OrNull(wrappedValue: "say what was done, such as view")),
    ])
}

/// What became of receipts; written by hand where it is hot, and held to this by tests.
public struct ReceiptsAnswer: WireType, Hashable {
  public var accepted: Int
  public var duplicates: Int
  public var unknownMessages: Int
  public var refused: Int
  public var results: [ItemAnswer]

  public static let about = "What became of each receipt, in order."
  public static let notes = ["unknownMessages": "Receipts for messages that are not, or no longer, known."]
  public static let sample = ReceiptsAnswer(
    accepted: 1, duplicates: 0, unknownMessages: 0, refused: 0, results: [ItemAnswer(index: 0, status: .accepted)])
}
