import Foundation
import Store

/// Lets one process at a time write in a folder: an exclusive `flock` on `attune.lock`, which holds the owner's pid.
/// The kernel frees the lock of a dead process; the file stays, and means nothing by itself.
final class FolderLock: Sendable {
  private let descriptor: Int32

  init(folder: String) throws(StoreError) {
    descriptor = try Self.acquire(folder)
    // Only for people and for the error of others: a folder too full to note the pid is locked all the same.
    let pid = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, pid, pid.count, 0) }
  }

  private static func acquire(_ folder: String) throws(StoreError) -> Int32 {
    let path = folder + "/attune.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw StoreError(.io, "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      let owner = pid(in: descriptor)
      close(descriptor)
      guard reason == EWOULDBLOCK else {
        throw StoreError(.io, "cannot lock \(path): \(String(cString: strerror(reason)))")
      }
      throw StoreError(
        .locked,
        "the store in \(folder) is in use by process \(owner ?? "unknown"); stop it, or choose another folder")
    }
    return descriptor
  }

  deinit {
    // Closing alone would leave the lock to a child process that is being started at this moment.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func pid(in descriptor: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].prefix { $0 >= 48 && $0 <= 57 }, as: UTF8.self)
  }
}
