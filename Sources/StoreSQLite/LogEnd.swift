import Foundation

/// How far SQLite's log of a database (`attune.db-wal`) went: which of its beginnings it is of, how many pages it holds, and
/// the checksum of the last of them, which is over all before.
///
/// Described in SQLite's "WAL-mode file format". Its log is a header of 32 bytes and frames: a header of 24 bytes and a page.
struct LogEnd: Hashable, Sendable {
  /// The log's two salts, the first in the upper half: that one counts its beginnings.
  var generation: UInt64
  var frames: UInt32
  var sum: UInt64

  enum Found: Equatable {
    /// All of it is there.
    case whole
    /// It began anew since: what it held is in the database.
    case newer
    case missing
    /// It ends before, or a page of it is not what was written.
    case cut
    /// Of a moment before, or of another store.
    case foreign
  }

  /// Whether the log in a file is this one, or what followed it.
  func find(in path: String) -> Found {
    guard let file = FileHandle(forReadingAtPath: path) else { return .missing }
    defer { try? file.close() }
    guard let header = file.bytes(32) else { return .missing }
    let found = header.number(16) << 32 | header.number(20)
    if found != generation {
      // After a power cut the mark may be of a while before. Salts of another log are random.
      let beginnings = UInt32(truncatingIfNeeded: found >> 32) &- UInt32(truncatingIfNeeded: generation >> 32)
      return beginnings > 0 && beginnings < 4096 ? .newer : .foreign
    }
    let isBigEndian = header[3] & 1 == 1
    let size = Int(header.number(8))
    guard (512...65536).contains(size) else { return .cut }
    var sum = LogSum(isBigEndian: isBigEndian)
    sum.add(header[..<24])
    for _ in 0..<frames {
      guard let frame = file.bytes(24 + size), frame.number(8) << 32 | frame.number(12) == generation else {
        return .cut
      }
      sum.add(frame[..<8])
      sum.add(frame[24...])
      guard sum.value == frame.number(16) << 32 | frame.number(20) else { return .cut }
    }
    return sum.value == self.sum ? .whole : .cut
  }
}

/// SQLite's checksum over the words of its log.
private struct LogSum {
  let isBigEndian: Bool
  private var first: UInt32 = 0
  private var second: UInt32 = 0

  init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

  var value: UInt64 { UInt64(first) << 32 | UInt64(second) }

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { buffer in
      for place in stride(from: 0, to: buffer.count & ~7, by: 8) {
        first = first &+ word(buffer, place) &+ second
        second = second &+ word(buffer, place + 4) &+ first
      }
    }
  }

  private func word(_ buffer: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
    let word = buffer.loadUnaligned(fromByteOffset: place, as: UInt32.self)
    return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
  }
}

/// Reads how far the log of an open database went, and how far the database itself: from the index of the log, which all who
/// have the database open share, and from the database's first page.
///
/// Its files stay open as long as the database is: to close one of them gives up what SQLite has locked in them.
final class LogWatch: Sendable {
  private let index: Int32
  private let database: Int32

  init(database path: String) {
    index = open(path + "-shm", O_RDONLY | O_CLOEXEC)
    database = open(path, O_RDONLY | O_CLOEXEC)
  }

  deinit {
    close(index)
    close(database)
  }

  /// After what was committed last; nil where nothing is in the log, or somebody writes at this moment.
  var end: LogEnd? {
    var bytes = [UInt8](repeating: 0, count: 96)
    for _ in 0..<3 {
      guard pread(index, &bytes, 96, 0) == 96 else { return nil }
      // Two copies, written one after the other.
      guard bytes[..<48] == bytes[48...] else { continue }
      return bytes.withUnsafeBytes { buffer in
        func number(_ place: Int) -> UInt32 { buffer.loadUnaligned(fromByteOffset: place, as: UInt32.self) }
        guard number(16) > 0 else { return nil }
        return LogEnd(
          generation: UInt64(number(32).bigEndian) << 32 | UInt64(number(36).bigEndian), frames: number(16),
          sum: UInt64(number(24)) << 32 | UInt64(number(28)))
      }
    }
    return nil
  }

  /// How many of the counted transactions the database holds, without those that are only in its log.
  var held: Int32? {
    var bytes: [UInt8] = [0, 0, 0, 0]
    guard pread(database, &bytes, 4, 60) == 4 else { return nil }
    return Int32(truncatingIfNeeded: bytes.number(0))
  }
}

extension FileHandle {
  /// Nil where there are not as many.
  fileprivate func bytes(_ count: Int) -> [UInt8]? {
    guard let data = try? read(upToCount: count), data.count == count else { return nil }
    return [UInt8](data)
  }
}

extension [UInt8] {
  /// Four bytes, the highest first.
  func number(_ place: Int) -> UInt64 { self[place..<place + 4].reduce(0) { $0 << 8 | UInt64($1) } }
}
