public import AttuneModel

// The policy is not part of it: it comes from the configuration. The form: a version; the frozen limits that are used,
// sorted, with their names; the users, sorted by key, each with its reaches. Integers as `ByteWriter` writes them.
extension FatigueTracker: BinaryCodable {
  private static let version: UInt8 = 3

  /// Writes the whole state, without the policy. States that remember the same are written alike, byte for byte.
  public func encode(into writer: inout ByteWriter) {
    encode(users.places.map { (slab.key(at: users[$0]), users[$0]) }.sorted { $0.0 < $1.0 }, into: &writer)
  }

  /// Reads a whole state. Its policy is `FatiguePolicy.nobody`: set the one in force before the first call.
  ///
  /// - Throws: `BinaryError` when the bytes are not such a state, or of another version of the form.
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(policy: .nobody)
    for user in try decodeUsers(from: &reader) {
      guard place(of: user.key) == nil else {
        throw BinaryError.invalid("a user not given before", at: reader.position)
      }
      insert(user)
    }
  }

  func encode(_ users: [(key: UserKey, record: UInt32)], into writer: inout ByteWriter) {
    var used = Set<UInt32>()
    for (_, record) in users { reading(record) { used.formUnion($0.all.lazy.map(\.limits)) } }
    let sorted = used.sorted(by: limits.precedes)
    var places = [UInt64](repeating: 0, count: limits.frozen.count)
    for (place, number) in sorted.enumerated() { places[Int(number)] = UInt64(place) }

    writer.write(Self.version)
    writer.write(UInt64(sorted.count))
    for number in sorted { limits.encode(number, into: &writer) }
    writer.write(UInt64(users.count))
    for (key, record) in users {
      writer.write(key.high)
      writer.write(key.low)
      reading(record) { history in
        writer.write(history.day ?? .min)
        writer.write(UInt64(history.all.count))
        for reach in history.all { reach.encode(limits: places[Int(reach.limits)], into: &writer) }
      }
    }
  }

  /// What was remembered of one user, with numbers of this state's limits.
  struct DecodedUser {
    var key: UserKey
    var day: Int64
    var reaches: [RecordedReach]
  }

  mutating func decodeUsers(from reader: inout ByteReader) throws(BinaryError) -> [DecodedUser] {
    guard try reader.read() as UInt8 == Self.version else {
      throw BinaryError.invalid("fatigue state of version \(Self.version)", at: reader.position - 1)
    }
    var numbers: [UInt32] = []
    for _ in 0..<(try reader.read() as UInt64) { numbers.append(try limits.decode(from: &reader)) }
    var users: [DecodedUser] = []
    for _ in 0..<(try reader.read() as UInt64) {
      var user = DecodedUser(
        key: UserKey(high: try reader.read(), low: try reader.read()), day: try reader.read(), reaches: [])
      for _ in 0..<(try reader.read() as UInt64) {
        user.reaches.append(try RecordedReach(from: &reader, numbers))
      }
      users.append(user)
    }
    return users
  }

  mutating func insert(_ user: DecodedUser) {
    guard !user.reaches.isEmpty else { return }
    let record = slab.open(user.key, count: user.reaches.count)
    writing(record) { editor in
      editor.all.day = user.day == .min ? nil : user.day
      for (index, reach) in user.reaches.enumerated() { editor.all[index] = reach }
    }
    users.insert(user.key, record)
  }
}
