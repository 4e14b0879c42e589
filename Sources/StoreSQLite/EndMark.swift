import AttuneModel
import Foundation
import Store
import Synchronization

/// `attune.mark`: how far the journal went and what the database's files were, told by a file of its own, so that a
/// database that lost its end, or whose files are of different moments, is found out.
///
/// Written after every transaction without waiting for the disk: after a power cut it may tell less than the journal,
/// never more than was acknowledged.
final class EndMark: Sendable {
  struct Content: Equatable, Sendable {
    /// What the store has been called since it was made.
    var store: String
    var head: Chain.Head
    /// The store was closed: everything is in the database, and nothing in its log.
    var isClosed = false
    /// nil where nothing was in the log.
    var log: LogEnd?
    /// How many transactions were counted: all but those that the journal counts, and some of these. See
    /// `SQLiteFile.writing`.
    var counted: Int32
    /// How many of them the database held at least, without its log. It never goes back.
    var held: Int32
  }

  enum Found: Equatable {
    case none, damaged
    case content(Content)
  }

  static let name = "attune.mark"
  private let descriptor: Int32
  private let watch: LogWatch
  private let last: Mutex<Told>

  private struct Told {
    var content: Content
    /// What the database held then. It may not be on the disk before the log begins anew.
    var held: Int32?
    /// A transaction in this beginning of the log was counted.
    var isCounted = false
  }

  /// Opens or makes the file beside a database that is open, and waits for the disk.
  ///
  /// - Parameters:
  ///   - counted: how many transactions were.
  ///   - held: how many of them the database is known to hold.
  init(folder: String, store: String, head: Chain.Head, counted: Int32, held: Int32) throws(StoreError) {
    descriptor = open(folder + "/" + Self.name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StoreError(.io, "cannot open \(folder)/\(Self.name): \(String(cString: strerror(errno)))")
    }
    watch = LogWatch(database: folder + "/attune.db")
    var content = Content(store: store, head: head, log: watch.end, counted: counted, held: held)
    if content.log == nil, let held = watch.held { content.held = held }
    last = Mutex(Told(content: content, held: watch.held))
    write(content, waits: true)
  }

  deinit { close(descriptor) }

  /// Whether the next transaction has to be counted even if the journal counts it: one in each beginning of the log and,
  /// where the log is so long that SQLite moves parts of it to the database, all.
  var wantsCount: Bool {
    last.withLock { !$0.isCounted || $0.content.log.map { $0.frames >= 900 } ?? true }
  }

  /// Tells what the files are now. Nobody may be told of `head` before.
  ///
  /// - Parameters:
  ///   - counted: how many transactions were, if this one was.
  ///   - waits: for the disk.
  func tell(_ head: Chain.Head, counted: Int32? = nil, waits: Bool = false) {
    last.withLock { last in
      var content = last.content
      if head.sequence > content.head.sequence { content.head = head }
      if let end = watch.end {
        // It began anew: all that it held before is in the database.
        if end.generation != content.log?.generation, let held = last.held {
          content.held = held
          last.isCounted = false
        }
        content.log = end
      }
      if let counted {
        last.isCounted = true
        if counted &- content.counted > 0 { content.counted = counted }
      }
      last.held = watch.held
      guard waits || content != last.content else { return }
      write(content, waits: waits)
      last.content = content
    }
  }

  /// After the database was closed.
  ///
  /// - Parameter isWhole: its log is in it, and gone.
  func finish(isWhole: Bool) {
    last.withLock { last in
      if isWhole {
        (last.content.log, last.content.isClosed) = (nil, true)
        if let held = watch.held { last.content.held = held }
      }
      write(last.content, waits: true)
    }
  }

  static func read(in folder: String) -> Found {
    guard let file = FileManager.default.contents(atPath: folder + "/" + name), !file.isEmpty else { return .none }
    return Content([UInt8](file)).map(Found.content) ?? .damaged
  }

  /// One write replaces the whole: a name has one length. One that fails leaves a mark that tells less, and harms nothing.
  private func write(_ content: Content, waits: Bool) {
    let bytes = content.bytes
    while pwrite(descriptor, bytes, bytes.count, 0) < 0, errno == EINTR {}
    guard waits else { return }
    _ = ftruncate(descriptor, off_t(bytes.count))
    fsync(descriptor)
  }
}

extension EndMark.Content {
  /// Numbers, the name, and a checksum over both.
  fileprivate var bytes: [UInt8] {
    let numbers = [
      UInt64(bitPattern: head.sequence), UInt64(bitPattern: head.chain), isClosed ? 1 : 0,
      UInt64(UInt32(bitPattern: counted)), UInt64(UInt32(bitPattern: held)),
      log?.generation ?? 0, UInt64(log?.frames ?? 0), log?.sum ?? 0,
    ]
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128)
    for number in numbers { bytes.add(number) }
    bytes += store.utf8
    bytes.add(checksum(bytes))
    return bytes
  }

  /// Nil for what `bytes` did not make.
  fileprivate init?(_ bytes: [UInt8]) {
    guard bytes.count > 72, Array(bytes.suffix(8)).lowestFirst(0) == checksum(Array(bytes.dropLast(8))) else {
      return nil
    }
    let numbers = stride(from: 0, to: 64, by: 8).map(bytes.lowestFirst)
    store = String(decoding: bytes[64..<bytes.count - 8], as: UTF8.self)
    head = Chain.Head(sequence: Int64(bitPattern: numbers[0]), chain: Int64(bitPattern: numbers[1]))
    isClosed = numbers[2] != 0
    counted = Int32(truncatingIfNeeded: numbers[3])
    held = Int32(truncatingIfNeeded: numbers[4])
    let frames = UInt32(truncatingIfNeeded: numbers[6])
    if frames > 0 { log = LogEnd(generation: numbers[5], frames: frames, sum: numbers[7]) }
  }
}

extension [UInt8] {
  fileprivate mutating func add(_ number: UInt64) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// What `add` added.
  fileprivate func lowestFirst(_ place: Int) -> UInt64 {
    self[place..<place + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
