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
    var state = State.open
    /// nil where nothing was in the log.
    var log: LogEnd?
    /// A number of transactions that the database held, without its log. It never goes back.
    var transactions: Int32 = 0
  }

  enum State: UInt64 {
    case open
    /// Its log goes into the database, and may be gone.
    case closing
    /// Everything is in the database, and there is no log.
    case closed
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
    var transactions: Int32?
    /// A transaction in this beginning of the log was counted.
    var isCounted = false
  }

  /// Opens or makes the file beside a database that is open, and waits for the disk.
  ///
  /// - Parameter transactions: how many the database is known to hold.
  init(folder: String, store: String, head: Chain.Head, transactions: Int32) throws(StoreError) {
    descriptor = open(folder + "/" + Self.name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StoreError(.io, "cannot open \(folder)/\(Self.name): \(String(cString: strerror(errno)))")
    }
    watch = LogWatch(database: folder + "/attune.db")
    var content = Content(store: store, head: head, log: watch.end, transactions: transactions)
    if content.log == nil, let transactions = watch.transactions { content.transactions = transactions }
    last = Mutex(Told(content: content, transactions: watch.transactions))
    write(content, waits: true)
  }

  deinit { Foundation.close(descriptor) }

  /// Whether the next transaction has to be counted in the database: one in each beginning of the log and, where the log
  /// is so long that SQLite moves parts of it to the database, all.
  var wantsCount: Bool {
    last.withLock { !$0.isCounted || $0.content.log.map { $0.frames >= 900 } ?? true }
  }

  /// Tells what the files are now. Nobody may be told of `head` before.
  ///
  /// - Parameters:
  ///   - counted: a transaction was.
  ///   - waits: for the disk.
  func tell(_ head: Chain.Head, counted: Bool = false, waits: Bool = false) {
    last.withLock { last in
      var content = last.content
      if head.sequence > content.head.sequence { content.head = head }
      if let end = watch.end {
        // It began anew: all that it held before is in the database.
        if end.generation != content.log?.generation, let transactions = last.transactions {
          content.transactions = transactions
          last.isCounted = false
        }
        content.log = end
      }
      if counted { last.isCounted = true }
      last.transactions = watch.transactions
      guard waits || content != last.content else { return }
      write(content, waits: waits)
      last.content = content
    }
  }

  /// Before the database is closed.
  func close() {
    last.withLock { last in
      last.content.state = .closing
      write(last.content, waits: true)
    }
  }

  /// After it was closed.
  ///
  /// - Parameter isWhole: its log is in it, and gone.
  func finish(isWhole: Bool) {
    last.withLock { last in
      last.content.state = isWhole ? .closed : .open
      if isWhole {
        last.content.log = nil
        if let transactions = watch.transactions { last.content.transactions = transactions }
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
      UInt64(bitPattern: head.sequence), UInt64(bitPattern: head.chain), state.rawValue,
      UInt64(UInt32(bitPattern: transactions)),
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
    guard bytes.count > 64, Array(bytes.suffix(8)).lowestFirst(0) == checksum(Array(bytes.dropLast(8))) else {
      return nil
    }
    let numbers = stride(from: 0, to: 56, by: 8).map(bytes.lowestFirst)
    store = String(decoding: bytes[56..<bytes.count - 8], as: UTF8.self)
    head = Chain.Head(sequence: Int64(bitPattern: numbers[0]), chain: Int64(bitPattern: numbers[1]))
    state = EndMark.State(rawValue: numbers[2]) ?? .open
    transactions = Int32(truncatingIfNeeded: numbers[3])
    let frames = UInt32(truncatingIfNeeded: numbers[5])
    if frames > 0 { log = LogEnd(generation: numbers[4], frames: frames, sum: numbers[6]) }
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
