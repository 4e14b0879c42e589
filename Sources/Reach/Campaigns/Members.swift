import AttuneModel

/// A campaign's users in one partition, each once, in an order of chance that is the same in every run.
///
/// Ids stand in one block of bytes: ten million of them are a few hundred megabytes, and no more objects than one.
struct Members: Sendable {
  /// Where each one's bytes begin, and the end: in the order of handing in, once sealed in that of the keys.
  private var starts: [UInt32] = [0]
  private var bytes: [UInt8] = []
  /// Ascending once sealed; what a user is found by.
  private var keys: [UInt64] = []
  /// When each one's turn was, in seconds since the campaign began, from 1 on; 0 while it has not come.
  private var turns: [UInt32] = []
  private var began = Instant.distantPast
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

  /// In their places.
  var users: some RandomAccessCollection<String> { (0..<starts.count - 1).lazy.map(user(inPlace:)) }

  /// The campaign begins: puts them in order, and leaves out those named twice.
  /// - Returns: how many were named more than once.
  mutating func seal(for campaign: String, at now: Instant) -> Int {
    if isSealed { return 0 }
    isSealed = true
    began = now
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
    turns = Array(repeating: 0, count: keys.count)
    reached = Array(repeating: false, count: keys.count)
    remaining = keys.count
    return all.count - keys.count
  }

  /// As many as there are of the next ones, without taking them.
  func upcoming(_ count: Int) -> [String] {
    var next: [String] = []
    var index = cursor
    while next.count < count, index < keys.count {
      if turns[index] == 0 { next.append(user(inPlace: index)) }
      index += 1
    }
    return next
  }

  /// The next one that nobody has decided about; each once.
  mutating func next(at now: Instant) -> String? {
    while cursor < keys.count {
      defer { cursor += 1 }
      if turns[cursor] > 0 { continue }
      take(cursor, at: now)
      return user(inPlace: cursor)
    }
    return nil
  }

  /// A decision of the journal that this build would not have asked for.
  mutating func take(_ user: String, _ campaign: String, at now: Instant) {
    guard let index = index(of: user, campaign), turns[index] == 0 else { return }
    take(index, at: now)
  }

  private mutating func take(_ index: Int, at now: Instant) {
    turns[index] = UInt32(clamping: 1 + max(0, (now - began).milliseconds) / 1000)
    remaining -= 1
  }

  /// Whether a user whose turn has come reached the goal for the first time, soon enough after it. Those left out have
  /// their turn as the others have: put off or not, both count from there.
  mutating func reachGoal(_ user: String, _ campaign: String, at: Instant, within: TimeSpan) -> Bool {
    guard let index = index(of: user, campaign), turns[index] > 0, !reached[index] else { return false }
    let turn = began + .seconds(Int64(turns[index]) - 1)
    guard at >= turn, at < turn + within else { return false }
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
    let isPending = turns[index] == 0
    if isPending { take(index, at: began) }
    for byte in Int(starts[index])..<Int(starts[index + 1]) { bytes[byte] = 0 }
    return isPending
  }

  private mutating func rebuild(without gone: String) {
    let kept = users.filter { $0 != gone }
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
    writer.write(began)
    writer.write(bytes)
    writer.write(UInt64(starts.count))
    for (start, end) in zip(starts, starts.dropFirst()) { writer.write(UInt64(end - start)) }
    writer.write(UInt64(keys.count))
    for index in keys.indices {
      writer.write(keys[index])
      writer.write(UInt64(turns[index]) << 1 | (reached[index] ? 1 : 0))
    }
    writer.write(UInt64(cursor))
    writer.write(deferred)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    isSealed = try reader.read()
    began = try reader.read()
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
      let turn: UInt64 = try reader.read()
      turns.append(UInt32(truncatingIfNeeded: turn >> 1))
      reached.append(turn & 1 != 0)
    }
    let cursor: UInt64 = try reader.read()
    guard !isSealed || keys.count == starts.count - 1, cursor <= UInt64(keys.count) else {
      throw BinaryError.invalid("a member's place", at: reader.position)
    }
    self.cursor = Int(cursor)
    remaining = turns.count { $0 == 0 }
    deferred = try reader.read()
  }
}
