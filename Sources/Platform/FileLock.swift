import Foundation

/// Lets one process at a time have a file: an exclusive `flock`, held until the value ends. The kernel frees the lock of a
/// dead process, so a file that is left behind means nothing by itself.
///
/// ```swift
/// let lock = try FileLock(path: "/var/attune/attune.lock", notesOwner: true)
/// ```
public struct FileLock: ~Copyable, Sendable {
  /// Of the open file, for reading and writing at any place or, with `appends`, at its end.
  let descriptor: Int32

  /// Opens or makes the file, and locks it.
  /// - Parameters:
  ///   - notesOwner: whether the file gets this process's id as its text, for people and for the errors of others.
  ///   - appends: whether all that is written goes to the end of the file.
  /// - Throws: `FileError`: `locked` where another process has the lock, else `io`.
  public init(path: String, notesOwner: Bool = false, appends: Bool = false) throws(FileError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (appends ? O_APPEND : 0), 0o644)
    guard descriptor >= 0 else { throw FileError(cannot: "open", path, reason: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      let owner = notesOwner ? Self.owner(in: descriptor) : nil
      close(descriptor)
      throw reason == EWOULDBLOCK
        ? FileError(.locked, "another process writes to \(path); give each its own file", owner: owner)
        : FileError(cannot: "lock", path, reason: reason)
    }
    self.descriptor = descriptor
    if notesOwner { noteOwner() }
  }

  deinit {
    // Closing alone would leave the lock to a child process that is being started at this moment.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// A disk too full to note the process's id is no reason to refuse the lock.
  private func noteOwner() {
    let text = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
  }

  private static func owner(in descriptor: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].prefix { $0 >= 48 && $0 <= 57 }, as: UTF8.self)
  }
}
