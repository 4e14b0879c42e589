import AttuneModel

extension LibraryCopy {
  /// Tags of one copy.
  public static let tagLimit = 20
  /// Bytes of a name: of the copy, its scene, a tag.
  public static let nameLimit = 100

  static func checked(id: String) throws(CopyError) -> String {
    let fits = id.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" || $0 == "_" || $0 == "."
    }
    if fits, !id.isEmpty, id.utf8.count <= nameLimit { return id }
    throw CopyError(
      .id, id.isEmpty ? "there is no id" : "'\(id.clipped(to: 40))' cannot be an id",
      hint: "letters, digits, '-', '_' and '.', at most \(nameLimit) bytes")
  }

  static func checked(_ text: String, _ part: CopyError.Part, upTo limit: Int) throws(CopyError) -> String {
    // Stores end a text at a NUL, and devices show the others as they please.
    guard text.isReadable else {
      throw CopyError(part, "it has a control character", hint: "of these only line breaks and tabs are for people")
    }
    var diagnostics = Diagnostics()
    guard let template = Template(parsing: text, at: Mark(file: "", line: 1, column: 1), &diagnostics) else {
      let first = diagnostics.errors.first
      throw CopyError(part, first?.message ?? "it cannot be read", hint: first?.hint)
    }
    if template.canBeBlank {
      throw CopyError(
        part, "there are no words in it",
        hint: text.isEmpty ? nil : "write words, or a fallback that is not empty")
    }
    let count = template.literalCount
    guard count <= limit else { throw CopyError(part, "it has \(count) characters of at most \(limit)") }
    return text
  }

  static func checked(tags: [String]) throws(CopyError) -> [String] {
    guard tags.count <= tagLimit else { throw CopyError(.tags, "it has \(tags.count) tags of at most \(tagLimit)") }
    var known: Set<String> = []
    var checked: [String] = []
    for tag in tags where known.insert(tag).inserted {
      let name = try self.checked(name: tag, .tags)
      guard !name.utf8.contains(UInt8(ascii: ";")) else {
        throw CopyError(.tags, "the tag '\(name)' has a ';', which separates tags in files")
      }
      checked.append(name)
    }
    return checked.sorted()
  }

  static func checked(name: String, _ part: CopyError.Part) throws(CopyError) -> String {
    if name.utf8.isEmpty { throw CopyError(part, "the name is empty", hint: "leave it out") }
    guard name.utf8.count <= nameLimit else {
      throw CopyError(part, "'\(name.clipped(to: 40))' has \(name.utf8.count) bytes of at most \(nameLimit)")
    }
    guard name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F ~= $0.value) }) else {
      throw CopyError(part, "a name has a control character")
    }
    return name
  }

  /// The form of RFC 5646; whether there is such a language is not looked up.
  static func checked(language: String) throws(CopyError) -> String {
    let parts = language.split(separator: "-", omittingEmptySubsequences: false)
    let fits = parts.allSatisfy { part in
      (1...8).contains(part.utf8.count)
        && part.utf8.allSatisfy { byte in
          0x61...0x7A ~= byte || 0x41...0x5A ~= byte || 0x30...0x39 ~= byte
        }
    }
    if fits, language.utf8.count <= 35, parts[0].utf8.count >= 2 { return language }
    throw CopyError(.language, "'\(language.clipped(to: 40))' is no language", hint: "write zh, zh-CN or en-US")
  }

  static func checked(past: Past?) throws(CopyError) -> Past? {
    guard let past else { return nil }
    let counts = past.counts
    let parts: [(CopyError.Part, Int)] = [
      (.sends, counts.sends), (.deliveries, counts.deliveries), (.clicks, counts.clicks),
      (.conversions, counts.conversions), (.optOuts, counts.optOuts),
    ]
    for (part, count) in parts {
      if count < 0 { throw CopyError(part, "\(count) is below 0") }
      if count > counts.sends {
        throw CopyError(part, "\(count) \(part.rawValue) of \(counts.sends) sends", hint: "a send counts once at most")
      }
    }
    return past
  }
}
