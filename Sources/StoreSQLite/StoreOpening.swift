import AttuneModel
import Foundation
import GRDB
import Store

/// What a folder's files say of each other before a store is opened for writing. Nothing is changed by looking: what is
/// refused can be put right by putting files back.
///
/// Acknowledged batches that are missing refuse the start: opt-outs and messages sent would be forgotten with them.
struct StoreOpening {
  private let folder: String
  private let mark: EndMark.Found
  /// What was lost, for people. Only who accepts it goes on.
  let losses: [String]
  /// How many counted transactions the database is known to hold, without its log.
  let held: Int32

  /// - Parameter accepts: a store that lacks something, as it is.
  /// - Throws: `lost`, `damaged`, `otherVersion`.
  init(folder: String, accepts: Bool) throws(StoreError) {
    self.folder = folder
    let path = folder + "/attune.db"
    mark = EndMark.read(in: folder)
    let files = StoreFiles(folder: folder)
    guard let found = try files.held() else {
      losses = files.withoutDatabase(mark)
      held = 0
      if let loss = losses.first, !accepts { throw Self.lost(loss, folder) }
      return
    }
    let other = files.losses(mark, found)
    do {
      losses = try Self.look(at: path, mark) + other
    } catch {
      guard let loss = other.first, !accepts else { throw StoreError(error, to: "open the store", in: path) }
      throw Self.lost(loss, folder)
    }
    if let loss = losses.first, !accepts { throw Self.lost(loss, folder) }
    if losses.isEmpty, case .content(let mark) = mark { held = mark.held } else { held = found }
  }

  /// What a store tells of itself that is open now; what is not believed is set aside.
  func findings(in pool: DatabasePool, _ head: Chain.Head, _ name: String, format: UInt8) throws -> [String] {
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

  /// Reads the database together with its log. Only a writer would move the one into the other.
  private static func look(at path: String, _ mark: EndMark.Found) throws -> [String] {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(1.5)
    let database = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? database.close() }
    guard try database.read(Schema.isThere) else { return [] }
    let format = try Schema.format(of: database, in: path)
    return try database.read { db in
      let name = try db.note(Schema.identity) ?? ""
      let head = try Chain.head(in: db)
      if case .content(let mark) = mark {
        if mark.store != name { return ["\(path) is another store than the one that was in this folder"] }
        if mark.head.sequence > head.sequence {
          return [
            "\(path) ends with batch \(head.sequence), and batch \(mark.head.sequence) was acknowledged: it is an older "
              + "copy, or lost its log"
          ]
        }
        if try !Chain.passes(mark.head, format: format, in: db) {
          return [
            "\(path) went another way than the journal that was in this folder: batch \(mark.head.sequence) is another one"
          ]
        }
      }
      let folder = String(path.dropLast("/attune.db".count))
      let ahead = CheckpointFiles(folder: folder, store: name).newestHeader ?? 0
      if ahead <= head.sequence { return [] }
      return ["\(path) ends with batch \(head.sequence), and there is a checkpoint of batch \(ahead)"]
    }
  }

  private static func lost(_ what: String, _ folder: String) -> StoreError {
    StoreError(
      .lost,
      what + " (hint: put the newer files back together; to go on without what is missing, and with opt-outs and sent "
        + "messages in it forgotten: attune store accept --store \(folder))")
  }
}

/// What can be told of a store's files without opening the database.
private struct StoreFiles {
  let folder: String

  private var path: String { folder + "/attune.db" }
  private var log: String { path + "-wal" }

  /// How many counted transactions the database holds, without its log; nil where there is none.
  ///
  /// - Throws: `damaged` where SQLite would find another fault, by two bytes: a version that it does not write, a file
  ///   that is for reading only.
  func held() throws(StoreError) -> Int32? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    let header = [UInt8]((try? file.read(upToCount: 64)) ?? Data())
    if header.isEmpty { return nil }
    guard header.count == 64, header.starts(with: Array("SQLite format 3\u{0}".utf8)),
      header[18..<20].allSatisfy({ (1...2).contains($0) })
    else { throw StoreError(.damaged, "cannot open the store in \(path): the file is damaged or not a store") }
    return Int32(truncatingIfNeeded: header.number(60))
  }

  func withoutDatabase(_ mark: EndMark.Found) -> [String] {
    if case .content(let mark) = mark, mark.head.sequence > 0 {
      return ["there is no \(path), and its journal went on to batch \(mark.head.sequence)"]
    }
    if size(log) > 0 { return ["there is no \(path), and there is its log"] }
    let checkpoint = CheckpointFiles(folder: folder, store: "").newestNumber
    return checkpoint.map { ["there is no \(path), and there is a checkpoint of batch \($0)"] } ?? []
  }

  /// - Parameter held: how many counted transactions the database holds.
  func losses(_ mark: EndMark.Found, _ held: Int32) -> [String] {
    guard case .content(let mark) = mark else { return [] }
    if held &- mark.held < 0 { return ["\(path) is an older copy than the one that was here"] }
    if mark.isClosed, size(log) > 0 {
      return [
        "\(log) is of another moment: the store was closed, and had none (hint: move it away, if \(path) is the newer one)"
      ]
    }
    switch mark.log?.find(in: log) {
    case nil, .whole, .newer: return []
    // Folded into the database: by who closed it and was killed, or by another program.
    case .missing where held &- mark.counted >= 0: return []
    case .missing: return ["\(log) is missing: the last transactions were in it"]
    case .cut: return ["\(log) was cut or is damaged: the last transactions were in it"]
    case .foreign: return ["\(log) is of another moment than \(path)"]
    }
  }

  private func size(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }
}
