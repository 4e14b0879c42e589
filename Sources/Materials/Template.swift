public import AttuneModel

/// A text with places for values: `{{item.name}}`, or with a fallback `{{item.name | "this item"}}`.
///
/// A number may pass a filter: `{{price | money}}` writes two places, `{{price | round}}` none, `{{price | round 1}}` one.
/// Without one it is shown with 12 digits. Quotes are `"` or `'`. Quoted text alone stands for itself, so `{{ '{{' }}` writes the braces.
public struct Template: Hashable, Sendable {
  let parts: [Part]
  /// As it was written.
  public let source: String

  enum Part: Hashable, Sendable {
    case text(String)
    case value(name: String, filter: NumberFilter? = nil, fallback: String?)
  }

  /// Nil, and an error told at its column, when the braces or what they hold make no sense.
  public init?(parsing text: String, at mark: Mark, _ diagnostics: inout Diagnostics) {
    var parser = TemplateParser(text)
    source = text
    do throws(TemplateParser.Problem) {
      parts = try parser.parse()
      for strange in parser.strange {
        diagnostics.warning(
          Self.place(strange.offset, in: text, mark), strange.message, hint: strange.hint)
      }
    } catch {
      diagnostics.error(Self.place(error.offset, in: text, mark), error.message, hint: error.hint)
      return nil
    }
  }

  /// Where a text spans lines its columns are not those of the file.
  private static func place(_ offset: Int, in text: String, _ mark: Mark) -> Mark {
    text.utf8.contains(UInt8(ascii: "\n")) ? mark : mark.advanced(by: offset)
  }

  /// Every name it uses, once, in the order of first use.
  public var names: [String] {
    var names: [String] = []
    for case .value(let name, _, _) in parts where !names.contains(name) { names.append(name) }
    return names
  }

  /// Whether nothing but space may be left where values are missing.
  var canBeBlank: Bool {
    parts.allSatisfy { part in
      switch part {
      case .text(let text), .value(_, _, .some(let text)): text.allSatisfy(\.isWhitespace)
      case .value(_, _, nil): false
      }
    }
  }

  /// What it says whatever the values are, a space for each of them; fallbacks are said too.
  var literals: String {
    parts.reduce(into: "") { text, part in
      switch part {
      case .text(let literal): text += literal
      case .value(_, _, let fallback): text += " " + (fallback ?? "") + " "
      }
    }
  }

  /// Characters it has before any value is put in.
  var literalCount: Int {
    parts.reduce(0) { if case .text(let text) = $1 { $0 + text.count } else { $0 } }
  }

  /// Whether every value without a fallback is there.
  func isComplete(_ lookup: (String) -> Value?) -> Bool {
    parts.allSatisfy { part in
      guard case .value(let name, let filter, nil) = part else { return true }
      return lookup(name)?.inserted(upTo: 1, filter) != nil
    }
  }

  /// The text with its values, at most `limit` characters long: what is longer is cut and ends in `…`.
  ///
  /// Values are put in once and never read as a template; see `Value.inserted` for what becomes of them.
  public func render(upTo limit: Int, _ lookup: (String) -> Value?) -> Result<String, MissingValue> {
    var text = ""
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .value(let name, let filter, let fallback):
        guard let written = lookup(name)?.inserted(upTo: limit, filter) ?? fallback else {
          return .failure(MissingValue(field: name))
        }
        text += written
      }
    }
    return .success(text.clipped(to: limit))
  }
}

/// A template's field has no value for this user, and the template no fallback for it.
public struct MissingValue: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name in the template.
  public var field: String

  public init(field: String) { self.field = field }

  public var description: String { "no value for '\(field)'" }
}
