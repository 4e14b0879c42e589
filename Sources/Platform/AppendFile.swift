import Foundation

/// A file of lines that only grows, by whole blocks: one is on the disk, or it is not there.
public final class AppendFile {
  public let path: String
  private let descriptor: Int32
  /// Up to the last block that is known to be whole.
  private var size: Int64 = 0

  /// Opens or makes the file for this process alone.
  ///
  /// - Throws: `locked` where another process has it, `io` where it cannot be opened.
  public init(path: String) throws(FileError) {
    self.path = path
    descriptor = try Self.acquire(path)
    Self.syncFolder(of: path)
  }

  private static func acquire(_ path: String) throws(FileError) -> Int32 {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("open", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let inUse = errno == EWOULDBLOCK
      let failure = failure("lock", path)
      close(descriptor)
      throw inUse ? FileError(.locked, "another process writes to \(path); give each its own file") : failure
    }
    return descriptor
  }

  deinit {
    // Closing alone would leave the lock to a child process that is being started at this moment.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Shows each line, without its newline; then cuts off a last one that has none: a torn write.
  ///
  /// - Parameter accepts: whether a line may stand in the file. Where one may not, the file stays as it is.
  /// - Returns: the number of the first line that was not accepted, from 1; nil if all were.
  /// - Throws: `io` where the file cannot be read or cut.
  public func recover(_ accepts: (_ line: ArraySlice<UInt8>, _ isWhole: Bool) -> Bool) throws(FileError) -> Int? {
    var number = 0
    var rest: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var offset: Int64 = 0
    while true {
      let count = pread(descriptor, &chunk, chunk.count, off_t(offset))
      guard count >= 0 else { throw Self.failure("read", path) }
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
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure("truncate", path) }
    return nil
  }

  /// Adds a block and waits for the disk.
  ///
  /// - Throws: `io`: the block is not there, nor will it be.
  public func append(_ block: [UInt8]) throws(FileError) {
    // What a failed append may have left, when even the truncation failed then.
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure("truncate", path) }
    var written = 0
    while written < block.count {
      let count = block.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw undone(Self.failure("write to", path)) }
      written += count
    }
    guard fsync(descriptor) == 0 else { throw undone(Self.failure("sync", path)) }
    size += Int64(block.count)
  }

  private func undone(_ failure: FileError) -> FileError {
    _ = ftruncate(descriptor, off_t(size))
    return failure
  }

  private static func failure(_ verb: String, _ path: String) -> FileError {
    FileError(.io, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
  }

  /// A new file is safe only when its folder is. Some file systems cannot sync a folder, and need not.
  private static func syncFolder(of path: String) {
    let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    _ = fsync(folder)
    close(folder)
  }
}

/// Why a file cannot be used.
public struct FileError: Error, Equatable, CustomStringConvertible {
  public var code: Code
  public var description: String

  public enum Code: Sendable, Equatable {
    case io
    /// Another process has it.
    case locked
  }

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
