import AttuneModel

/// A message that somebody proposes for one business, until it is sent or refused.
struct Candidate: Hashable, Sendable {
  var id: CandidateID
  var user: String
  var business: String
  var priority: Int
  var origin: Origin
  /// When the rule matched, or the user's turn came.
  var matched: Instant
  var emit: [Property]
}

extension Candidate {
  /// What a copy or a template calls by a name: the user, their profile, or what the rule saw.
  func value(of name: String, _ profile: [Property]) -> Value? {
    if name == "user" { return .string(user) }
    if name.hasPrefix("profile.") { return profile[String(name.dropFirst("profile.".count))] }
    return emit[name]
  }
}

extension Candidate: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(user)
    writer.write(business)
    writer.write(priority)
    writer.write(origin)
    writer.write(matched)
    writer.write(emit)
  }
  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      id: try reader.read(), user: try reader.read(), business: try reader.read(), priority: try reader.read(),
      origin: try reader.read(), matched: try reader.read(), emit: try reader.read())
  }
}
