import AttuneModel
import Foundation
import Store

/// Checkpoints, a file each, `checkpoint-SEQUENCE`, beside the database: however large they are, no append waits for one.
///
/// A file begins with a `CheckpointHeader`. Written under another name and renamed when it is on the disk: it is whole, or
/// it is not there. One that cannot be believed is set aside under another name, and never counts among those kept.
struct CheckpointFiles: Sendable {
  private static let prefix = "checkpoint-"
  private static let new = ".new"
  private static let kept = 2
  /// Bytes that are brought to the disk at a time, so that those who also wait for it wait for no more.
  private static let chunk = 1 << 20

  let folder: String
  /// What a store has been called since it was made: files of another one mean nothing here.
  let store: String

  /// - Parameter chain: of the journal there; nil in one from before there was a chain.
  func save(_ state: [UInt8], at sequence: Int64, chain: Int64?) throws(StoreError) {
    let path = path(sequence)
    let new = path + Self.new
    let header = CheckpointHeader(store: store, sequence: sequence, state: state, chain: chain)
    do {
      try write(header.bytes, state, to: new)
    } catch {
      unlink(new)
      throw error
    }
    guard rename(new, path) == 0 else { throw Self.failure("rename", new) }
    syncFolder()
    for old in sequences().dropFirst(Self.kept) { unlink(self.path(old)) }
  }

  /// The newest that is sound and believed.
  ///
  /// - Parameter refuses: why one is not believed.
  /// - Returns: with what to say of newer ones, by their numbers.
  func newest(
    _ refuses: (CheckpointHeader) throws -> String?
  ) throws -> (found: (sequence: Int64, state: [UInt8])?, refused: [(sequence: Int64, why: String)]) {
    var refused: [(Int64, String)] = []
    for sequence in sequences() {
      guard let file = FileManager.default.contents(atPath: path(sequence)) else { continue }
      guard let header = CheckpointHeader([UInt8](file.prefix(CheckpointHeader.limit)), size: file.count) else {
        refused.append((sequence, "it is damaged"))
        continue
      }
      if let why = try refusal(of: header, at: sequence, refuses) {
        refused.append((sequence, why))
        continue
      }
      let state = [UInt8](file.dropFirst(header.bytes.count))
      if checksum(state) == header.state { return ((sequence, state), refused) }
      refused.append((sequence, "it is damaged"))
    }
    return (nil, refused)
  }

  /// Removes what a kill left half written, and sets aside what is not believed by its header.
  ///
  /// - Returns: What was set aside, for people.
  func tidy(_ refuses: (CheckpointHeader) throws -> String?) throws -> [String] {
    for name in names() where name.hasSuffix(Self.new) { unlink(folder + "/" + name) }
    return try sequences().compactMap { sequence in
      guard let header = header(sequence) else { return setAside(sequence, "it is damaged") }
      return try refusal(of: header, at: sequence, refuses).map { setAside(sequence, $0) }
    }
  }

  /// The highest number of a file whose header says that it is of this store.
  var newestHeader: Int64? { sequences().first { header($0)?.store == store && header($0)?.sequence == $0 } }

  /// The highest number that a file has, whatever is in it.
  var newestNumber: Int64? { sequences().first }

  /// Kept under another name, out of everybody's way.
  ///
  /// - Returns: What to say of it.
  func setAside(_ sequence: Int64, _ why: String) -> String {
    let path = path(sequence)
    var place = path + ".aside"
    while FileManager.default.fileExists(atPath: place) { place += "+" }
    let moved = rename(path, place) == 0
    return "\(path) is not used: \(why)" + (moved ? "; it is kept as \(place)" : "")
  }

  private func refusal(
    of header: CheckpointHeader, at sequence: Int64, _ refuses: (CheckpointHeader) throws -> String?
  ) throws -> String? {
    if header.store != store { return "it is of another store" }
    return header.sequence == sequence ? try refuses(header) : "it is of batch \(header.sequence)"
  }

  private func header(_ sequence: Int64) -> CheckpointHeader? {
    guard let file = FileHandle(forReadingAtPath: path(sequence)) else { return nil }
    defer { try? file.close() }
    let start = (try? file.read(upToCount: CheckpointHeader.limit)) ?? Data()
    let size = (try? file.seekToEnd()) ?? 0
    return CheckpointHeader([UInt8](start), size: Int(clamping: size))
  }

  private func path(_ sequence: Int64) -> String { "\(folder)/\(Self.prefix)\(sequence)" }

  private func names() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix(Self.prefix) }
  }

  /// Descending.
  private func sequences() -> [Int64] {
    names().compactMap { Int64($0.dropFirst(Self.prefix.count)) }.sorted(by: >)
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
      while fdatasync(file) != 0 { guard errno == EINTR else { throw Self.failure("sync", path) } }
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
