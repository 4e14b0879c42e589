import AttuneModel
import Foundation
import GRDB
import Store

/// What a folder's files say of each other when a store is opened for writing. Nothing is changed by looking.
///
/// Acknowledged batches that are missing refuse the start: opt-outs and messages sent would be forgotten with them.
struct StoreOpening {
  private let folder: String
  private let accepts: Bool
  private let mark: EndMark.Found

  private var path: String { folder + "/attune.db" }

  /// Looks at the files before the database is touched.
  ///
  /// - Throws: `lost`.
  init(folder: String, accepts: Bool) throws(StoreError) {
    self.folder = folder
    self.accepts = accepts
    mark = EndMark.read(in: folder)
    try checkHeader()
    guard !accepts, case .content(let mark) = mark else { return }
    if !FileManager.default.fileExists(atPath: path), mark.head.sequence > 0 {
      throw lost("there is no \(path), and its journal went on to batch \(mark.head.sequence)")
    }
    if mark.isClosed, size(path + "-wal") > 0 {
      throw lost(
        "\(path)-wal is of another moment: the store was closed, and had none "
          + "(hint: move it away, if \(path) is the newer one)")
    }
  }

  /// - Throws: `lost` where batches are missing.
  func findings(in pool: DatabasePool, _ head: Chain.Head, _ name: String, format: UInt8) throws -> [String] {
    let losses = try losses(in: pool, head, name)
    if let loss = losses.first, !accepts { throw lost(loss) }
    var findings = losses
    switch mark {
    case .damaged:
      findings.append("\(folder)/\(EndMark.name) is damaged: whether the last batches are there is unknown")
    case .none where head.sequence > 0:
      guard format == StoreFormat.current else { break }
      findings.append("\(folder)/\(EndMark.name) is missing: whether the last batches are there is unknown")
    case .none, .content: break
    }
    let files = CheckpointFiles(folder: folder, store: name)
    findings += try files.tidy { header in
      try pool.read { try Chain.refusal(of: header, format: format, in: $0) }
    }
    return findings
  }

  private func losses(in pool: DatabasePool, _ head: Chain.Head, _ name: String) throws -> [String] {
    var losses: [String] = []
    if case .content(let mark) = mark {
      if mark.store != name {
        losses.append("\(path) is another store than the one that was in this folder")
      } else if mark.head.sequence > head.sequence {
        losses.append(
          "\(path) ends with batch \(head.sequence), and batch \(mark.head.sequence) was acknowledged: it is an older "
            + "copy, or lost its log")
      } else if try pool.read({ try Chain.value(at: mark.head.sequence, in: $0) ?? mark.head.chain }) != mark.head.chain
      {
        losses.append(
          "\(path) went another way than the journal that was in this folder: batch \(mark.head.sequence) is another one"
        )
      }
    }
    if losses.isEmpty, let ahead = CheckpointFiles(folder: folder, store: name).newestHeader, ahead > head.sequence {
      losses.append("\(path) ends with batch \(head.sequence), and there is a checkpoint of batch \(ahead)")
    }
    return losses
  }

  /// Of two bytes SQLite makes another fault: of a version that it does not write, a file that is for reading only.
  private func checkHeader() throws(StoreError) {
    guard let file = FileHandle(forReadingAtPath: path) else { return }
    defer { try? file.close() }
    let header = [UInt8]((try? file.read(upToCount: 20)) ?? Data())
    if header.isEmpty { return }
    guard header.count == 20, header.starts(with: Array("SQLite format 3\u{0}".utf8)),
      header[18...].allSatisfy({ (1...2).contains($0) })
    else { throw StoreError(.damaged, "cannot open the store in \(path): the file is damaged or not a store") }
  }

  private func lost(_ what: String) -> StoreError {
    StoreError(
      .lost,
      what + " (hint: put the newer files back together; to go on without what is missing, and with opt-outs and sent "
        + "messages in it forgotten: attune store accept --store \(folder))")
  }

  private func size(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }
}
