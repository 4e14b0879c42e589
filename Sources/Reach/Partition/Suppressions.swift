import AttuneModel

/// What users have opted out of whose profile is not at hand: they were erased, or opted out by a message of long ago.
/// Who they are it does not say. As soon as a user is spoken of again, it stands in the profile, for others to change.
struct Suppressions: Sendable {
  /// Names of properties that are false.
  private var properties: [Pseudonym: Set<String>] = [:]

  var isEmpty: Bool { properties.isEmpty }

  /// In alphabetical order.
  subscript(user: Pseudonym) -> [String] { properties[user]?.sorted() ?? [] }

  /// - Returns: false where it was there.
  @discardableResult
  mutating func insert(_ property: String, of user: Pseudonym) -> Bool {
    properties[user, default: []].insert(property).inserted
  }

  mutating func take(_ user: Pseudonym) -> [String] {
    defer { properties[user] = nil }
    return self[user]
  }
}

extension Property {
  /// The wish that an opt-out sets to false: of the topic, else of all messages.
  static func wish(_ topic: String?) -> String { topic.map { "topics.\($0)" } ?? "consent" }

  /// Whether a user wants no messages, of a topic or at all.
  var isOptOut: Bool { value == .bool(false) && (name == "consent" || name.hasPrefix("topics.")) }
}

extension Suppressions: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(properties.count))
    for user in properties.keys.sorted() {
      writer.write(user)
      writer.write(self[user])
    }
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    for _ in 0..<(try reader.read() as UInt64) {
      let user: Pseudonym = try reader.read()
      properties[user] = Set(try reader.read() as [String])
    }
  }
}
