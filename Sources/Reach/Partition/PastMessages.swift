import AttuneModel

/// Messages of which nothing is heard any more, save that their user opts out by them. There are many: 24 bytes each, and
/// whose they were is not to be read.
struct PastMessages: Sendable {
  /// What many messages have in common, and an opt-out is counted by.
  struct Kind: Hashable, Sendable {
    var source: Origin.Source
    var scene: String
    var business: String
    var topic: String?
    var material: String
  }

  fileprivate struct Entry: Sendable {
    var id: CandidateID
    var user: Pseudonym
    var kind: UInt32
    /// Whether an opt-out by it was counted.
    var isCounted: Bool
  }

  /// Those that were let go of in one day.
  fileprivate struct Day: Sendable {
    let day: Int64
    var kinds: [Kind] = []
    /// In the order of their ids.
    var entries: [Entry] = []

    func place(of id: CandidateID) -> Int? {
      guard let first = entries.first, let last = entries.last, first.id <= id, id <= last.id else { return nil }
      var (low, high) = (0, entries.count)
      while low < high {
        let middle = (low + high) / 2
        if entries[middle].id < id { low = middle + 1 } else { high = middle }
      }
      return low < entries.count && entries[low].id == id ? low : nil
    }
  }

  private var days: [Day] = []

  mutating func insert(_ messages: [(id: CandidateID, user: Pseudonym, kind: Kind, isCounted: Bool)], at now: Instant) {
    if messages.isEmpty { return }
    let today = Self.day(of: now)
    if days.last?.day != today { days.append(Day(day: today)) }
    var day = days.removeLast()
    var places: [Kind: UInt32] = [:]
    for (place, kind) in day.kinds.enumerated() { places[kind] = UInt32(place) }
    for message in messages {
      if places[message.kind] == nil {
        places[message.kind] = UInt32(day.kinds.count)
        day.kinds.append(message.kind)
      }
      day.entries.append(
        Entry(id: message.id, user: message.user, kind: places[message.kind] ?? 0, isCounted: message.isCounted))
    }
    day.entries.sort { $0.id < $1.id }
    days.append(day)
  }

  /// Its user opts out by a message; nil if it is not known, or no longer.
  /// - Returns: whose and what kind of message it was, and whether this is to be counted.
  mutating func optOut(by id: CandidateID) -> (user: Pseudonym, kind: Kind, isNew: Bool)? {
    for index in days.indices.reversed() {
      guard let place = days[index].place(of: id) else { continue }
      let entry = days[index].entries[place]
      days[index].entries[place].isCounted = true
      return (entry.user, days[index].kinds[Int(entry.kind)], !entry.isCounted)
    }
    return nil
  }

  /// Lets go of those that nobody can opt out by any more.
  mutating func sweep(before now: Instant, keeping span: TimeSpan) {
    let today = Self.day(of: now - span)
    days.removeAll { $0.day < today }
  }

  private static func day(of instant: Instant) -> Int64 { floorDivide(instant.milliseconds, 86_400_000) }
}

extension PastMessages: BinaryCodable {
  func encode(into writer: inout ByteWriter) { writer.write(days) }
  init(from reader: inout ByteReader) throws(BinaryError) { days = try reader.read() }
}

extension PastMessages.Day: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(day)
    writer.write(kinds)
    writer.write(entries)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(day: try reader.read(), kinds: try reader.read(), entries: try reader.read())
    guard entries.allSatisfy({ $0.kind < kinds.count }) else {
      throw BinaryError.invalid("a kind of message", at: reader.position)
    }
  }
}

extension PastMessages.Kind: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(source)
    writer.write(scene)
    writer.write(business)
    writer.write(topic)
    writer.write(material)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      source: try reader.read(), scene: try reader.read(), business: try reader.read(), topic: try reader.read(),
      material: try reader.read())
  }
}

extension PastMessages.Entry: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(user)
    writer.write(UInt64(kind) << 1 | (isCounted ? 1 : 0))
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    id = try reader.read()
    user = try reader.read()
    let rest: UInt64 = try reader.read()
    kind = UInt32(truncatingIfNeeded: rest >> 1)
    isCounted = rest & 1 != 0
  }
}
