public import AttuneModel
import Codec
import Ingest
public import Materials

/// A file of copies for the library: a table (CSV) or an object a line (NDJSON), plain or gzip.
public struct CopyFile {
  public enum Format: String, Sendable, CaseIterable {
    case csv, ndjson

    /// By the file's name; CSV for names that tell nothing.
    public init(of path: String) {
      let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
      self = [".ndjson", ".jsonl"].contains { name.lowercased().hasSuffix($0) } ? .ndjson : .csv
    }
  }

  /// Errors that are told; there the reading ends.
  private static let patience = 50

  private let name: String
  private var copies: [LibraryCopy] = []
  private var places: [String: Mark] = [:]
  private var diagnostics = Diagnostics()

  private init(name: String) { self.name = name }

  /// All of them, or none: throws every error found as `Diagnostics`, `FileReadError` where the file cannot be read.
  /// - Parameters:
  ///   - path: `-` for standard input.
  ///   - warnings: told of columns that mean nothing.
  public static func read(_ path: String, as format: Format, warnings: inout Diagnostics) throws -> [LibraryCopy] {
    var reading = CopyFile(name: path == "-" ? "standard input" : path)
    let path = path == "-" ? "/dev/stdin" : path
    switch format {
    case .csv: try reading.readTable(path)
    case .ndjson: try reading.readLines(path)
    }
    if !reading.diagnostics.errors.isEmpty { throw reading.diagnostics }
    if reading.copies.isEmpty {
      reading.diagnostics.error(reading.mark(1), "there are no copies in it")
      throw reading.diagnostics
    }
    warnings.append(reading.diagnostics)
    return reading.copies
  }

  private mutating func readTable(_ path: String) throws {
    var file = try CSVFile(path: path)
    do {
      guard let header = try file.next(), let columns = columns(header) else { return }
      while diagnostics.errors.count < Self.patience, let record = try file.next() { add(record, columns) }
    } catch let error as CSVError {
      diagnostics.error(mark(error.line, error.column), error.message, hint: error.hint)
    }
  }

  private mutating func columns(_ header: [CSVFile.Field]) -> CopyColumns? {
    do throws(CopyColumns.Unfit) {
      let columns = try CopyColumns(header.map(\.text))
      for (place, name, hint) in columns.ignored {
        diagnostics.warning(
          mark(header[place].line, header[place].column), "the column '\(name)' means nothing here", hint: hint)
      }
      return columns
    } catch {
      diagnostics.error(mark(header[0].line), error.message, hint: error.hint)
      return nil
    }
  }

  private mutating func add(_ record: [CSVFile.Field], _ columns: CopyColumns) {
    do throws(CopyError) {
      add(try columns.copy(from: record.map(\.text)), at: mark(record[0].line))
    } catch {
      let place = columns.place(of: error.part) ?? 0
      let field = record[place < record.count ? place : 0]
      diagnostics.error(mark(field.line, field.column), "\(error.part.rawValue): \(error.message)", hint: error.hint)
    }
  }

  private mutating func readLines(_ path: String) throws {
    var file = try LineFile(path: path)
    let decoder = CopyDecoder()
    while diagnostics.errors.count < Self.patience, let line = try file.next() {
      switch line.content.flatMap({ decoder.decode(line: $0) }) {
      case .success(let copy): add(copy, at: mark(line.number))
      case .failure(let refusal):
        let place = refusal.pointer.isEmpty ? "" : refusal.pointer + ": "
        diagnostics.error(mark(line.number), place + refusal.message, hint: refusal.hint)
      }
    }
  }

  private mutating func add(_ copy: LibraryCopy, at mark: Mark) {
    if let first = places.updateValue(mark, forKey: copy.id) {
      diagnostics.error(mark, "there are two copies '\(copy.id)'", hint: "the other one is at \(first)")
    } else if copies.count == CopyLibrary.limit {
      diagnostics.error(mark, "there are more than \(CopyLibrary.limit) copies")
    }
    copies.append(copy)
  }

  private func mark(_ line: Int, _ column: Int = 1) -> Mark { Mark(file: name, line: line, column: column) }
}
