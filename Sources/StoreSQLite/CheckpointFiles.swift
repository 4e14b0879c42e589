import AttuneModel
import Foundation
import Store

/// Checkpoints, a file each, `checkpoint-SEQUENCE`, beside the database: however large they are, no append waits for one.
///
/// A file begins with the name of its store, its sequence and a checksum. Written under another name and renamed when
/// it is on the disk: it is whole, or it is not there.
struct CheckpointFiles: Sendable {
  private static let prefix = "checkpoint-"
  private static let kept = 2
  /// Bytes that are brought to the disk at a time, so that those who also wait for it wait for no more.
  private static let chunk = 1 << 20

  let folder: String
  /// What a store has been called since it was made: files of another one mean nothing here.
  let store: String

  func save(_ state: [UInt8], at sequence: Int64) throws(StoreError) {
    let path = path(sequence)
    let new = path + ".new"
    do {
      try write(header(sequence, state), state, to: new)
    } catch {
      unlink(new)
      throw error
    }
    guard rename(new, path) == 0 else { throw Self.failure("rename", new) }
    syncFolder()
    for old in sequences().dropFirst(Self.kept) { unlink(self.path(old)) }
  }

  /// The newest sound one up to a sequence.
  func newest(through last: Int64) -> (sequence: Int64, state: [UInt8])? {
    for sequence in sequences() where sequence <= last {
      guard let file = FileManager.default.contents(atPath: path(sequence)) else { continue }
      var header = header(sequence, [])
      guard file.count >= header.count else { continue }
      let state = [UInt8](file.dropFirst(header.count))
      header = self.header(sequence, state)
      if file.prefix(header.count).elementsEqual(header) { return (sequence, state) }
    }
    return nil
  }

  private func path(_ sequence: Int64) -> String { "\(folder)/\(Self.prefix)\(sequence)" }

  /// Descending.
  private func sequences() -> [Int64] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasPrefix(Self.prefix) }.compactMap { Int64($0.dropFirst(Self.prefix.count)) }
      .sorted(by: >)
  }

  /// Of one length for all checkpoints of a store.
  private func header(_ sequence: Int64, _ state: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(store)
    let numbers = [UInt64(bitPattern: sequence), UInt64(state.count), checksum(state)]
    return numbers.reduce(into: writer.bytes) { bytes, number in
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  private func write(_ header: [UInt8], _ state: [UInt8], to path: String) throws(StoreError) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw Self.failure("open", path) }
    defer { close(file) }
    for block in [header[...]]
      + stride(from: 0, to: state.count, by: Self.chunk).map({
        state[$0..<min(state.count, $0 + Self.chunk)]
      })
    {
      var rest = block
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
        guard count > 0 || errno == EINTR else { throw Self.failure("write", path) }
        rest = rest.dropFirst(max(0, count))
      }
      guard fdatasync(file) == 0 else { throw Self.failure("sync", path) }
    }
  }

  private func syncFolder() {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ what: String, _ path: String) -> StoreError {
    let reason = errno
    let code: StoreError.Code = reason == ENOSPC || reason == EDQUOT ? .diskFull : .io
    return StoreError(code, "cannot \(what) \(path): \(String(cString: strerror(reason)))")
  }
}
