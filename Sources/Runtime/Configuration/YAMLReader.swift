public import AttuneModel
import Codec
import Foundation
import Yams

/// Reads YAML into nodes that know their places. Scalars keep their text: what `on`, `yes` or `5` means is for the
/// reader of the node to say; only an unquoted `null`, `~` or nothing at all is null. What is JSON is read as JSON.
public enum YAMLReader {
  /// Nodes of a file, with aliases written out.
  static let nodeLimit = 100_000
  static let depthLimit = 64
  /// Keys are hashed with all their aliases written out, so that few aliases, one in another, can cost hours.
  static let aliasLimit = 16
  static let aliasedByteLimit = 65_536

  /// The documents of a text, without the empty ones. Where something is wrong it is told with its line and column,
  /// and what comes back is not to be used.
  public static func documents(_ text: String, file: String, _ diagnostics: inout Diagnostics) -> [AttuneModel.Node] {
    // A byte order mark would count as a column.
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    let first = text.utf8.first { !$0.isSpace }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || file.hasSuffix(".json") else {
      return yaml(text, file: file, &diagnostics)
    }
    do throws(Refusal) { return [try JSONReader.node(text, file: file, &diagnostics)] } catch {
      // What begins like JSON may be YAML all the same, unless its name says what it is.
      var told = Diagnostics()
      let documents = file.hasSuffix(".json") ? [] : yaml(text, file: file, &told)
      if file.hasSuffix(".json") || !told.errors.isEmpty && text.looksLikeJSON {
        diagnostics.error(JSONReader.mark(error, in: text, file: file), error.message, hint: error.hint)
        return []
      }
      diagnostics.append(told)
      return documents
    }
  }

  private static func yaml(_ text: String, file: String, _ diagnostics: inout Diagnostics) -> [AttuneModel.Node] {
    if let excess = excessiveAlias(text) {
      diagnostics.error(
        mark(excess, in: text, file: file), "too many aliases",
        hint: "at most \(aliasLimit) in a file, and the file at most \(aliasedByteLimit / 1024) KB long")
      return []
    }
    var documents: [AttuneModel.Node] = []
    var converter = YAMLConverter(file: file)
    do {
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      while let root = try parser.nextRoot() {
        let node = converter.node(root, depth: 1)
        if node.content != .null { documents.append(node) }
      }
      diagnostics.append(converter.diagnostics)
    } catch {
      diagnostics.append(converter.diagnostics)
      explain(error, in: text, file: file, &diagnostics)
    }
    return documents
  }

  /// The document of a file that is to hold one; nil when anything is wrong, and that is told.
  static func only(
    _ documents: [AttuneModel.Node], of file: String, _ rule: String, hint: String, _ diagnostics: inout Diagnostics
  ) -> AttuneModel.Node? {
    if documents.count != 1, diagnostics.errors.isEmpty {
      diagnostics.error(
        documents.dropFirst().first?.mark ?? AttuneModel.Mark(file: file, line: 1, column: 1), rule, hint: hint)
    }
    return diagnostics.errors.isEmpty ? documents.first : nil
  }

  private static func explain(
    _ error: any Error, in text: String, file: String, _ diagnostics: inout Diagnostics
  ) {
    switch error as? YamlError {
    case .scanner(let context, let problem, let place, _), .parser(let context, let problem, let place, _),
      .composer(let context, let problem, let place, _):
      let around = context.map { " (\($0.text), from line \($0.mark.line))" } ?? ""
      diagnostics.error(
        AttuneModel.Mark(file: file, line: place.line, column: place.column),
        problem.contains("nesting level") ? "nested too deeply" : problem + around, hint: hint(for: problem))
    case .duplicatedKeysInMapping(let keys, let context):
      diagnostics.error(
        AttuneModel.Mark(file: file, line: context.mark.line, column: context.mark.column),
        keys.map { "'\($0)'" }.joined(separator: ", ") + " given twice in one mapping", hint: "keep one of them")
    case .reader(let problem, let offset, let value, _):
      let place = offset.flatMap { text.index(text.startIndex, offsetBy: $0, limitedBy: text.endIndex) }
      let code = value < 0 ? "" : " (U+" + String(value, radix: 16, uppercase: true) + ")"
      diagnostics.error(mark(place ?? text.startIndex, in: text, file: file), problem + code)
    case .memory:
      diagnostics.error(AttuneModel.Mark(file: file, line: 1, column: 1), "nested too deeply")
    default:
      diagnostics.error(AttuneModel.Mark(file: file, line: 1, column: 1), "not readable as YAML")
    }
  }

  private static func hint(for problem: String) -> String? {
    if problem.contains("mapping values are not allowed") { return "put quotes around a text that holds ': '" }
    if problem.contains("cannot start any token") || problem.contains("tab") {
      return "indent with spaces, and put quotes around a text that starts with a special character"
    }
    if problem.contains("end of stream") { return "a quote or a bracket is not closed" }
    if problem.contains("did not find expected") {
      return "look at indentation, quotes and brackets here and just above"
    }
    return nil
  }

  /// Where the aliases become too many; nil for any ordinary file. What looks like an alias within a text counts too.
  private static func excessiveAlias(_ text: String) -> String.Index? {
    var anchors = 0
    var aliases: [String.Index] = []
    var before = UInt8(ascii: " ")
    let bytes = text.utf8
    for index in bytes.indices {
      let byte = bytes[index]
      defer { before = byte }
      guard byte == UInt8(ascii: "*") || byte == UInt8(ascii: "&"), !isWord(before) else { continue }
      guard let next = bytes[index...].dropFirst().first, isWord(next) else { continue }
      if byte == UInt8(ascii: "&") { anchors += 1 } else { aliases.append(index) }
    }
    guard anchors > 0, let first = aliases.first else { return nil }
    if bytes.count > aliasedByteLimit { return first }
    return aliases.count > aliasLimit ? aliases[aliasLimit] : nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func mark(_ place: String.Index, in text: String, file: String) -> AttuneModel.Mark {
    let lines = text[..<place].split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    return AttuneModel.Mark(file: file, line: lines.count, column: (lines.last?.unicodeScalars.count ?? 0) + 1)
  }
}

extension UInt8 {
  fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}

extension String {
  /// Whether the first name or value in it is in quotes, as every name of JSON is.
  fileprivate var looksLikeJSON: Bool {
    let next = utf8.drop { $0.isSpace }.dropFirst().first { !$0.isSpace }
    return next == UInt8(ascii: "\"") || next == UInt8(ascii: "{") || next == UInt8(ascii: "[")
  }
}
