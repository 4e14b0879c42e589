import AttuneModel

/// Which batches speak of which users, for one shelf of users and a run of batches.
///
/// A row for every user and batch would cost a random page each. A shelf is one block a run: four bytes of the user's
/// hash, and the batch by its distance from the run's first. Two users may share these bytes, so what is found is
/// looked at in the batch itself.
struct TimelineShelf {
  static let count: UInt64 = 64

  private struct Entry: Comparable {
    var tag: UInt32
    var batch: UInt64

    static func < (a: Entry, b: Entry) -> Bool { (a.tag, a.batch) < (b.tag, b.batch) }
  }

  private var entries: [Entry] = []

  /// The blocks of a run, by shelf; empty ones left out.
  static func blocks(_ batches: [(batch: Int64, users: [String])]) -> [(shelf: UInt64, block: [UInt8])] {
    guard let first = batches.first?.batch else { return [] }
    var shelves = Array(repeating: TimelineShelf(), count: Int(count))
    for (batch, users) in batches {
      for user in users {
        let (shelf, tag) = place(of: user)
        shelves[Int(shelf)].entries.append(Entry(tag: tag, batch: UInt64(batch - first)))
      }
    }
    return shelves.enumerated().filter { !$0.element.entries.isEmpty }.map { (UInt64($0.offset), $0.element.block) }
  }

  static func place(of user: String) -> (shelf: UInt64, tag: UInt32) {
    let hash = StableHash.of(user).value()
    return (hash % count, UInt32(truncatingIfNeeded: hash >> 32))
  }

  /// The batches of a block that may speak of the user with this tag, in order.
  static func batches(of tag: UInt32, in block: [UInt8], after first: Int64) throws(BinaryError) -> [Int64] {
    var reader = ByteReader(block)
    var batches: [Int64] = []
    while !reader.isAtEnd {
      var found: UInt32 = 0
      for shift in stride(from: UInt32(0), to: 32, by: 8) { found |= UInt32(try reader.read() as UInt8) << shift }
      let distance: UInt64 = try reader.read()
      if found == tag { batches.append(first &+ Int64(clamping: distance)) }
    }
    return batches
  }

  private var block: [UInt8] {
    var writer = ByteWriter()
    var last: Entry?
    for entry in entries.sorted() where entry != last {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        writer.write(UInt8(truncatingIfNeeded: entry.tag >> shift))
      }
      writer.write(entry.batch)
      last = entry
    }
    return writer.bytes
  }
}
