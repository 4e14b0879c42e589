/// An id or a name: text, or a whole number, which becomes its digits.
public struct TextOrInteger: SchemaSource, Codable, Hashable, Sendable, ExpressibleByStringLiteral {
  public var text: String

  public init(_ text: String) { self.text = text }
  public init(stringLiteral text: String) { self.text = text }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    text = try (try? container.decode(Int64.self)).map(String.init) ?? container.decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  public static let schema = Schema.textOrInteger
}

/// What became of a message.
public struct ReceiptBody: WireType, Hashable {
  public enum Kind: String, TextChoice { case delivered, opened, dismissed, converted, unsubscribed }

  public var message: TextOrInteger
  public var event: Kind
  public var ts: TextOrInteger?

  public static let about = "What became of a message; each kind counts once a message."
  public static let notes = [
    "message": "The id the message came with, such as 17-42.",
    "ts": "RFC 3339 with its offset, or milliseconds since 1970; now, if it is missing.",
  ]
  public static let sample = ReceiptBody(message: "17-42", event: .opened, ts: nil)
}

/// A reach that somebody's sender has in mind.
public struct ReservationBody: WireType, Hashable {
  public var id: TextOrInteger?
  public var user: TextOrInteger
  public var business: String
  public var zone: String?
  public var at: TextOrInteger?

  public static let about = "A reach that a team's sender has in mind."
  public static let notes = [
    "id": "The sender's own, unique for the user; a check needs none.",
    "zone": "Whose calendar day counts, an IANA name; default is the profile's, else the policies'.",
    "at": "When the reach is meant to be, RFC 3339 or milliseconds since 1970; default is now.",
  ]
  public static let sample = ReservationBody(id: "push-1", user: "u1", business: "news", zone: nil, at: nil)
}

/// How a reservation ended.
public struct SettlementBody: WireType, Hashable {
  public enum Settlement: String, TextChoice { case commit, release, unknown }

  public var id: TextOrInteger
  public var user: TextOrInteger
  public var settle: Settlement

  public static let about = "How a reservation ended."
  public static let notes = [
    "settle":
      "commit: the provider took it. release: it failed for certain, the slot is free again. unknown: it stays counted."
  ]
  public static let sample = SettlementBody(id: "push-1", user: "u1", settle: .commit)
}

/// A configuration folder.
public struct ConfigurationBody: WireType, Hashable {
  public var files: [String: String]

  public init(files: [String: String]) { self.files = files }

  public static let about = "A configuration folder: texts by the names of their files."
  public static let sample = ConfigurationBody(
    files: ["attune.yaml": "fatigue: { zone: Asia/Shanghai, user: { perDay: 5 } }\n"])
}
