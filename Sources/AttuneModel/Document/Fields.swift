/// Reads the entries of a mapping one by one and tells of what is missing, mistyped, given twice or unknown.
///
/// Take what is known with the typed methods, then call `finish` once: what nobody took is an unknown key.
public struct Fields {
  public let mark: Mark
  /// What is being read, for messages: `a rule`, `fatigue`.
  public let what: String
  private var entries: [Node.Entry]
  private var known: [String] = []

  /// Nil, and an error told, unless the node is a mapping.
  public init?(_ node: Node, _ what: String, _ diagnostics: inout Diagnostics) {
    guard case .mapping(let entries) = node.content else {
      diagnostics.error(node.mark, "expected \(what) (a mapping of keys to values)")
      return nil
    }
    self.mark = node.mark
    self.what = what
    self.entries = []
    for entry in entries {
      if self.entries.contains(where: { $0.key == entry.key }) {
        diagnostics.error(entry.keyMark, "'\(entry.key)' is given twice in \(what)", hint: "keep one of them")
      } else {
        self.entries.append(entry)
      }
    }
  }

  /// The value under a key, whatever it is. A key without a value counts as absent.
  public mutating func take(_ key: String) -> Node? {
    known.append(key)
    guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
    let node = entries.remove(at: index).value
    return node.content == .null ? nil : node
  }

  /// Like `take`, and an error when it is missing.
  public mutating func require(_ key: String, _ diagnostics: inout Diagnostics, hint: String? = nil) -> Node? {
    let node = take(key)
    if node == nil { diagnostics.error(mark, "\(what) has no '\(key)'", hint: hint) }
    return node
  }

  /// Whether a key that nobody took yet has a value.
  public func has(_ key: String) -> Bool { entries.contains { $0.key == key && $0.value.content != .null } }

  /// Every entry not yet taken, for mappings whose keys are names.
  public mutating func takeRest() -> [Node.Entry] {
    defer { entries = [] }
    return entries
  }

  /// Tells of every key that nobody took: an unknown one, with the known one that may have been meant.
  public func finish(_ diagnostics: inout Diagnostics) {
    for entry in entries {
      let hint = nearest(to: entry.key, among: known).map { "did you mean '\($0)'?" }
      diagnostics.error(
        entry.keyMark, "\(what) has no key '\(entry.key)'", hint: hint ?? "it knows \(known.joined(separator: ", "))")
    }
  }
}

// What a scalar can be asked to be. Each tells an error and gives nil when it is something else.
extension Node {
  /// Text that is not empty.
  public func text(_ what: String, _ diagnostics: inout Diagnostics) -> String? {
    if let scalar, !scalar.isEmpty { return scalar }
    diagnostics.error(mark, "expected \(what) (text)")
    return nil
  }

  /// A name: letters, digits, `-`, `_`, `.`; any language's letters.
  public func name(_ what: String, _ diagnostics: inout Diagnostics) -> String? {
    guard let name = text(what, &diagnostics) else { return nil }
    if name.isName { return name }
    diagnostics.error(mark, "'\(name)' cannot be \(what)", hint: String.nameRule)
    return nil
  }

  /// A whole number, not in quotes.
  public func integer(
    _ what: String, in range: ClosedRange<Int> = 0...1_000_000_000, _ diagnostics: inout Diagnostics
  ) -> Int? {
    if case .scalar(let text, quoted: false) = content, !text.hasLeadingZero, let number = Int(text),
      range.contains(number)
    {
      return number
    }
    diagnostics.error(
      mark, "expected \(what), a whole number from \(range.lowerBound) to \(range.upperBound)\(found)",
      hint: plainNumber)
    return nil
  }

  /// A number, not in quotes.
  public func number(_ what: String, in range: ClosedRange<Double>, _ diagnostics: inout Diagnostics) -> Double? {
    if case .scalar(let text, quoted: false) = content, !text.hasLeadingZero, let number = Double(text),
      range.contains(number)
    {
      return number
    }
    diagnostics.error(
      mark, "expected \(what), a number from \(range.lowerBound) to \(range.upperBound)\(found)", hint: plainNumber)
    return nil
  }

  /// `true` or `false`, not in quotes.
  public func bool(_ what: String, _ diagnostics: inout Diagnostics) -> Bool? {
    if case .scalar(let text, quoted: false) = content, text == "true" || text == "false" { return text == "true" }
    diagnostics.error(mark, "expected \(what), true or false\(found)")
    return nil
  }

  /// A duration of at most a hundred years: `250ms`, `30s`, `10m`, `4h`, `1d`.
  public func span(_ what: String, _ diagnostics: inout Diagnostics) -> TimeSpan? {
    if let scalar, let span = TimeSpan(scalar) {
      if span <= .days(36_500) { return span }
      diagnostics.error(mark, "\(what) is longer than a hundred years", hint: "at most 36500d")
      return nil
    }
    diagnostics.error(mark, "expected \(what), a duration\(found)", hint: "write 250ms, 30s, 10m, 4h or 1d")
    return nil
  }

  /// A share of a whole, written in percent: `5%` is 0.05.
  public func share(_ what: String, hint: String = "write 5%", _ diagnostics: inout Diagnostics) -> Double? {
    if let scalar, let share = Double(percent: scalar) { return share }
    diagnostics.error(mark, "expected \(what), 0% to 100%", hint: hint)
    return nil
  }

  /// One of the words.
  public func choice(_ what: String, of words: [String], _ diagnostics: inout Diagnostics) -> String? {
    if let scalar, words.contains(scalar) { return scalar }
    let near = scalar.flatMap { nearest(to: $0, among: words) }
    diagnostics.error(
      mark, "expected \(what): \(words.joined(separator: ", "))\(found)", hint: near.map { "did you mean '\($0)'?" })
    return nil
  }

  /// What a number with zeros before it was likely meant to be.
  private var plainNumber: String? {
    guard let scalar, scalar.hasLeadingZero else { return nil }
    let digits = scalar.drop { $0 == "0" }
    return "write \(digits.first?.isNumber == true ? "" : "0")\(digits): some read zeros before a number as octal"
  }

  private var found: String {
    switch content {
    case .null: ", found nothing"
    case .scalar(let text, let quoted): quoted ? ", found the text \"\(text)\"" : ", found \(text)"
    case .sequence: ", found a list"
    case .mapping: ", found a mapping"
    }
  }
}

extension Double {
  /// Reads a number and a percent sign: `5%` is 0.05, `0.5%` is 0.005. Nil for anything else.
  ///
  /// - Parameter range: of the number, in percent.
  public init?(percent text: some StringProtocol, in range: ClosedRange<Double> = 0...100) {
    guard text.last == "%", let percent = Double(text.dropLast()), range.contains(percent) else { return nil }
    self = percent / 100
  }
}

extension String {
  /// A number that YAML 1.1 and others would read as octal, or that was a text such as a code: `010`.
  fileprivate var hasLeadingZero: Bool {
    let digits = utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    return digits.first == UInt8(ascii: "0") && digits.dropFirst().first.map { (0x30...0x39).contains($0) } ?? false
  }

  /// Whether a business, a campaign or a scene may be called so.
  public var isName: Bool {
    !isEmpty && utf8.count <= 100
      && unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" || $0 == "_" || $0 == "."
      }
  }

  public static let nameRule = "letters, digits, '-', '_' and '.', at most 100 bytes"
}
