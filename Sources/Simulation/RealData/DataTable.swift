import Codec

/// Columns of a file of comma-separated values, by name, row after row.
struct DataTable: ~Copyable {
  private let path: String
  private var file: CSVFile
  private let places: [Int]

  /// - Throws: `FileReadError` without the file, `DataTableError` without one of the columns.
  init(path: String, columns: [String]) throws {
    var file = try CSVFile(path: path)
    let header = try file.next()?.map(\.text) ?? []
    places = try columns.map { column in
      guard let place = header.firstIndex(of: column) else {
        throw DataTableError(path: path, line: 1, message: "there is no column '\(column)'")
      }
      return place
    }
    self.path = path
    self.file = file
  }

  /// The next row's fields, in the order of the columns; nil at the end.
  mutating func next() throws -> [String]? {
    guard let fields = try file.next() else { return nil }
    return try places.map { place in
      guard place < fields.count else {
        throw DataTableError(path: path, line: fields[0].line, message: "the row has \(fields.count) fields")
      }
      return fields[place].text
    }
  }

  /// - Throws: What the row should have had.
  static func number(_ text: String, _ what: String, in path: String) throws(DataTableError) -> Double {
    guard let number = Double(text), number.isFinite else {
      throw DataTableError(path: path, line: nil, message: "'\(text)' is no \(what)")
    }
    return number
  }
}

/// A file that is not what it is taken for.
public struct DataTableError: Error, Hashable, Sendable, CustomStringConvertible {
  public var path: String
  public var line: Int?
  public var message: String

  public var description: String { path + (line.map { ":\($0)" } ?? "") + ": " + message }
}
