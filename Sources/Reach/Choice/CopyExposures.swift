import AttuneModel
import Learning

/// Which copies users have seen lately: seen again, a copy works less well.
struct CopyExposures: Sendable {
  private struct Seen: Sendable {
    var copy: UInt64
    var at: Instant
  }

  private var users: [Digest: [Seen]] = [:]
  /// As many copies of a user as are remembered.
  private static let limit = 32

  /// 1 right after it was seen, half of that after `recovery`, 0 if it never was.
  func freshness(of copy: String, _ business: String, user: String, at now: Instant, recovery: TimeSpan) -> Double {
    guard !users.isEmpty, let seen = users[Digest(user)] else { return 0 }
    let hash = Self.hash(copy, business)
    guard let last = seen.last(where: { $0.copy == hash }) else { return 0 }
    let halves = Double(max(0, (now - last.at).milliseconds)) / Double(max(1, recovery.milliseconds))
    return halves > 60 ? 0 : Elementary.exp(-0.6931471805599453 * halves)
  }

  mutating func see(_ copy: String, _ business: String, user: String, at now: Instant) {
    let hash = Self.hash(copy, business)
    var seen = users[Digest(user)] ?? []
    seen.removeAll { $0.copy == hash }
    seen.append(Seen(copy: hash, at: now))
    if seen.count > Self.limit { seen.removeFirst() }
    users[Digest(user)] = seen
  }

  mutating func erase(user: String) { users[Digest(user)] = nil }

  mutating func sweep(before instant: Instant) {
    for (user, seen) in users where seen.contains(where: { $0.at < instant }) {
      let kept = seen.filter { $0.at >= instant }
      users[user] = kept.isEmpty ? nil : kept
    }
  }

  private static func hash(_ copy: String, _ business: String) -> UInt64 {
    StableHash.of("exposure", business, copy).value()
  }
}

extension CopyExposures: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(UInt64(users.count))
    for (user, seen) in users.sorted(by: { $0.key < $1.key }) {
      writer.write(user)
      writer.write(UInt64(seen.count))
      for one in seen {
        writer.write(one.copy)
        writer.write(one.at)
      }
    }
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    for _ in 0..<(try reader.read() as UInt64) {
      let user: Digest = try reader.read()
      var seen: [Seen] = []
      for _ in 0..<(try reader.read() as UInt64) {
        seen.append(Seen(copy: try reader.read(), at: try reader.read()))
      }
      users[user] = seen
    }
  }
}
