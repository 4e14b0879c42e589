import Model

/// A campaign's users in one partition, each once, in an order of chance that is the same in every run.
///
/// Ids stand in one block of bytes: ten million of them are a few hundred megabytes, and no more objects than one.
struct Members: Sendable {
  /// Where each one's bytes begin, and the end: in the order of handing in, once sealed in that of the keys.
  private var starts: [UInt32] = [0]
  private var bytes: [UInt8] = []
  /// Ascending once sealed; what a user is found by.
  private var keys: [UInt64] = []
  private var taken: [Bool] = []
  private var reached: [Bool] = []
  /// Up to here all have been taken up.
  private var cursor = 0
  private(set) var remaining = 0
  /// Users put off, who will be decided about again.
  var deferred = 0
  private(set) var isSealed = false

  var count: Int { isSealed ? keys.count : starts.count - 1 }

  /// Before the campaign begins. Nothing of a user that cannot be held: 4 GB of ids a partition.
  mutating func append(_ user: String) {
    guard !isSealed, bytes.count + user.utf8.count < UInt32.max else { return }
    bytes.append(contentsOf: user.utf8)
    starts.append(UInt32(bytes.count))
  }

  /// The campaign begins: puts them in order, and leaves out those named twice.
  /// - Returns: how many were named more than once.
  mutating func seal(for campaign: String) -> Int {
    if isSealed { return 0 }
    isSealed = true
    let all = (0..<starts.count - 1).map { (key: Self.key(of: user(inPlace: $0), campaign), place: $0) }
    let order = all.sorted { a, b in
      a.key != b.key ? a.key < b.key : precedes(a.place, b.place)
    }
    var sealed = Members()
    for one in order {
      let user = user(inPlace: one.place)
      if let last = keys.last, last == one.key, sealed.user(inPlace: keys.count - 1) == user { continue }
      keys.append(one.key)
      sealed.append(user)
    }
    (starts, bytes) = (sealed.starts, sealed.bytes)
    taken = Array(repeating: false, count: keys.count)
    reached = taken
    remaining = keys.count
    return all.count - keys.count
  }

  /// The next one that nobody has decided about; each once.
  mutating func next() -> String? {
    while cursor < keys.count {
      defer { cursor += 1 }
      if taken[cursor] { continue }
      taken[cursor] = true
      remaining -= 1
      return user(inPlace: cursor)
    }
    return nil
  }

  /// A decision of the journal that this build would not have asked for.
  mutating func take(_ user: String, _ campaign: String) {
    guard let index = index(of: user, campaign), !taken[index] else { return }
    taken[index] = true
    remaining -= 1
  }

  /// Whether this is the first time that a user who was decided about reached the goal.
  mutating func reachGoal(_ user: String, _ campaign: String) -> Bool {
    guard let index = index(of: user, campaign), taken[index], !reached[index] else { return false }
    reached[index] = true
    return true
  }

  /// - Returns: whether it is one that nobody has decided about yet, nor will.
  mutating func erase(_ user: String, _ campaign: String) -> Bool {
    guard isSealed else {
      rebuild(without: user)
      return false
    }
    guard let index = index(of: user, campaign) else { return false }
    let isPending = !taken[index]
    take(user, campaign)
    for byte in Int(starts[index])..<Int(starts[index + 1]) { bytes[byte] = 0 }
    return isPending
  }

  private mutating func rebuild(without gone: String) {
    let kept = (0..<starts.count - 1).map(user(inPlace:)).filter { $0 != gone }
    (starts, bytes) = ([0], [])
    for user in kept { append(user) }
  }

  static func key(of user: String, _ campaign: String) -> UInt64 { StableHash.of("member", campaign, user).value() }

  private func user(inPlace place: Int) -> String {
    String(decoding: bytes[Int(starts[place])..<Int(starts[place + 1])], as: UTF8.self)
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    let (left, right) = (user(inPlace: a), user(inPlace: b))
    return left != right ? left < right : a < b
  }

  private func index(of user: String, _ campaign: String) -> Int? {
    let key = Self.key(of: user, campaign)
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    while low < keys.count, keys[low] == key {
      if self.user(inPlace: low) == user { return low }
      low += 1
    }
    return nil
  }
}

extension Members: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(isSealed)
    writer.write(bytes)
    writer.write(UInt64(starts.count))
    for (start, end) in zip(starts, starts.dropFirst()) { writer.write(UInt64(end - start)) }
    writer.write(UInt64(keys.count))
    for index in keys.indices {
      writer.write(keys[index])
      writer.write(UInt8(taken[index] ? 1 : 0) | (reached[index] ? 2 : 0))
    }
    writer.write(UInt64(cursor))
    writer.write(deferred)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    isSealed = try reader.read()
    bytes = try reader.read()
    for _ in 1..<max(1, try reader.read() as UInt64) {
      let length: UInt64 = try reader.read()
      guard let last = starts.last, length <= UInt64(bytes.count) - UInt64(last) else {
        throw BinaryError.invalid("a member", at: reader.position)
      }
      starts.append(last + UInt32(length))
    }
    for _ in 0..<(try reader.read() as UInt64) {
      keys.append(try reader.read())
      let flags: UInt8 = try reader.read()
      taken.append(flags & 1 != 0)
      reached.append(flags & 2 != 0)
    }
    let cursor: UInt64 = try reader.read()
    guard !isSealed || keys.count == starts.count - 1, cursor <= UInt64(keys.count) else {
      throw BinaryError.invalid("a member's place", at: reader.position)
    }
    self.cursor = Int(cursor)
    remaining = taken.count { !$0 }
    deferred = try reader.read()
  }
}
