import Foundation

/// A file of lines that only grows, by whole blocks: one is on the disk, or it is not there. One process at a time has it.
/// It may be rotated: where it was renamed or removed it is made anew, and where it was cut it goes on from there.
///
/// ```swift
/// let file = try AppendFile(path: "messages.ndjson")
/// let foreign = try file.recover { line, isWhole in isOurs(line) }
/// try file.append(Array("{\"id\":1}\n".utf8))  // on the disk when it returns
/// ```
///
/// Not thread-safe: its owner locks, or is an actor.
public final class AppendFile {
  public let path: String
  private var lock: FileLock
  /// In bytes, up to the last block that is known to be whole.
  private var size: Int64 = 0
  /// Something may lie behind `size`: what a failed append left.
  private var isTorn = false

  private var descriptor: Int32 { lock.descriptor }

  /// Opens or makes the file for this process alone. Then call `recover` once.
  /// - Throws: `FileError`: `locked` where another process writes to it.
  public init(path: String) throws(FileError) {
    self.path = path
    lock = try FileLock(path: path, appends: true)
    Self.syncFolder(of: path)
  }

  /// Shows each line, without its newline, and at last what follows the last newline: a torn write, which is then cut off.
  /// - Parameter accepts: whether a line may stand in the file. Where one may not, the file is left as it is.
  /// - Returns: The number of the first line that was not accepted, from 1; nil if all were.
  /// - Throws: `FileError` where the file cannot be read or cut.
  public func recover(_ accepts: (_ line: ArraySlice<UInt8>, _ isWhole: Bool) -> Bool) throws(FileError) -> Int? {
    var number = 0
    var rest: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var offset: Int64 = 0
    while true {
      let count = pread(descriptor, &chunk, chunk.count, off_t(offset))
      guard count >= 0 else { throw failure("read") }
      if count == 0 { break }
      offset += Int64(count)
      var searched = rest.count
      rest.append(contentsOf: chunk[..<count])
      var start = 0
      while let end = rest[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        number += 1
        guard accepts(rest[start..<end], true) else { return number }
        start = end + 1
        searched = start
      }
      rest.removeFirst(start)
    }
    size = offset - Int64(rest.count)
    if rest.isEmpty { return nil }
    guard accepts(rest[...], false) else { return number + 1 }
    guard cut() else { throw failure("truncate") }
    return nil
  }

  /// Adds a block and waits for the disk.
  /// - Throws: `FileError`; then the block is not there, nor will it be.
  public func append(_ block: [UInt8]) throws(FileError) {
    try follow()
    var written = 0
    while written < block.count {
      let count = block.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw undone(failure("write to")) }
      written += count
    }
    while fsync(descriptor) != 0 { guard errno == EINTR else { throw undone(failure("sync")) } }
    size += Int64(block.count)
  }

  private func undone(_ failure: FileError) -> FileError {
    isTorn = !cut()
    return failure
  }

  /// Whether nothing lies behind `size` now. Never makes a file longer: that would fill it with zeros.
  private func cut() -> Bool {
    var found = stat()
    guard fstat(descriptor, &found) == 0 else { return false }
    if Int64(found.st_size) <= size { return true }
    while ftruncate(descriptor, off_t(size)) != 0 { if errno != EINTR { return false } }
    return true
  }

  /// Goes on at the end of the file that has the name now.
  private func follow() throws(FileError) {
    var (ours, named) = (stat(), stat())
    guard fstat(descriptor, &ours) == 0 else { throw failure("look at") }
    if stat(path, &named) != 0 || named.st_ino != ours.st_ino || named.st_dev != ours.st_dev {
      lock = try FileLock(path: path, appends: true)
      Self.syncFolder(of: path)
      guard fstat(descriptor, &ours) == 0 else { throw failure("look at") }
      (isTorn, size) = (false, -1)
    }
    // What a failed append left, when even the truncation failed then, or what is left of a file that somebody cut.
    if !isTorn, Int64(ours.st_size) != size { size = try endOfLines(Int64(ours.st_size)) }
    guard cut() else { throw failure("truncate") }
    isTorn = false
  }

  /// Where the last whole line ends: none is added to a torn one.
  private func endOfLines(_ end: Int64) throws(FileError) -> Int64 {
    var end = end
    var chunk = [UInt8](repeating: 0, count: 4096)
    while end > 0 {
      let start = max(0, end - Int64(chunk.count))
      let count = pread(descriptor, &chunk, Int(end - start), off_t(start))
      guard count == Int(end - start) else { throw failure("read") }
      if let newline = chunk[..<count].lastIndex(of: UInt8(ascii: "\n")) { return start + Int64(newline) + 1 }
      end = start
    }
    return 0
  }

  private func failure(_ verb: String) -> FileError { FileError(cannot: verb, path, reason: errno) }

  /// A new file is safe only when its folder is. Some file systems cannot sync a folder, and need not.
  private static func syncFolder(of path: String) {
    let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    _ = fsync(folder)
    close(folder)
  }
}
