import AttuneModel
import Foundation
import Store

/// `attune.mark`: how far the journal went, told by a file of its own, so that a database that lost its end is found out.
///
/// Written after every append without waiting for the disk: after a power cut it may tell less than the journal, never
/// more than was acknowledged.
final class EndMark: Sendable {
  struct Content: Equatable, Sendable {
    /// What the store has been called since it was made.
    var store: String
    var head: Chain.Head
    /// The store was closed: everything is in the database, and nothing in its log.
    var isClosed: Bool
  }

  enum Found: Equatable {
    case none, damaged
    case content(Content)
  }

  static let name = "attune.mark"
  private let descriptor: Int32

  /// Opens or makes the file.
  init(folder: String) throws(StoreError) {
    descriptor = open(folder + "/" + Self.name, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StoreError(.io, "cannot open \(folder)/\(Self.name): \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  static func read(in folder: String) -> Found {
    guard let file = FileManager.default.contents(atPath: folder + "/" + name), !file.isEmpty else { return .none }
    let bytes = [UInt8](file)
    guard bytes.count > 32, bytes.suffix(8).elementsEqual(checksum(Array(bytes.dropLast(8))).bytes) else {
      return .damaged
    }
    let numbers = [0, 8, 16].map { start in
      bytes[start..<start + 8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    }
    return .content(
      Content(
        store: String(decoding: bytes[24..<bytes.count - 8], as: UTF8.self),
        head: Chain.Head(sequence: Int64(bitPattern: numbers[0]), chain: Int64(bitPattern: numbers[1])),
        isClosed: numbers[2] != 0))
  }

  /// One write of one length replaces the whole. One that fails leaves a mark that tells less, and harms nothing.
  ///
  /// - Parameter waits: for the disk.
  func write(_ content: Content, waits: Bool = false) {
    var bytes = UInt64(bitPattern: content.head.sequence).bytes
    bytes += UInt64(bitPattern: content.head.chain).bytes
    bytes += UInt64(content.isClosed ? 1 : 0).bytes
    bytes += content.store.utf8
    bytes += checksum(bytes).bytes
    while pwrite(descriptor, bytes, bytes.count, 0) < 0, errno == EINTR {}
    guard waits else { return }
    _ = ftruncate(descriptor, off_t(bytes.count))
    fsync(descriptor)
  }
}

extension UInt64 {
  /// The lowest first.
  fileprivate var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64($0 * 8)) } }
}
