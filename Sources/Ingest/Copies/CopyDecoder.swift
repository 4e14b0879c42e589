import AttuneModel
public import Codec
public import Materials

/// Copies of the library:
/// `{"id", "title", "body", "tags"?: [..], "scene"?, "language"?, "created"?, "past"?: {"sends", "deliveries"?,
/// "clicks"?, "conversions"?, "optOuts"?, "lastUsed"?}}`.
public struct CopyDecoder: Sendable {
  private let limits: Limits
  /// Other members that are left alone; nil for all.
  private let told: [String]?

  /// - Parameter told: what a server tells of a copy and leaves alone where it is sent back; other members are refused.
  ///   Nil lets every member pass.
  public init(told: [String]? = nil) {
    var limits = Limits.default
    limits.anyInstant = true
    self.limits = limits
    self.told = told
  }

  /// A result for each item of the body, in order.
  public func decode(_ body: some Collection<UInt8>, as format: Format) -> [Result<LibraryCopy, Refusal>] {
    reader.decode(body, as: format).items
  }

  /// Exactly one copy.
  public func decode(line: some Collection<UInt8>) -> Result<LibraryCopy, Refusal> { reader.decode(line: line) }

  private var reader: ItemReader<LibraryCopy> {
    ItemReader(limits: limits) { scanner throws(Refusal) in try copy(from: &scanner) }
  }

  private func copy(from scanner: inout JSONScanner) throws(Refusal) -> LibraryCopy {
    var members = CopyMembers()
    try scanner.enterObject("a copy")
    let start = scanner.position - 1
    try scanner.members { key, scanner throws(Refusal) in try read(key, from: &scanner, into: &members) }
    do throws(CopyError) { return try members.copy() } catch { throw Refusal(error, at: start) }
  }

  private func read(
    _ key: String, from scanner: inout JSONScanner, into members: inout CopyMembers
  ) throws(Refusal) {
    let start = scanner.position
    switch key {
    case "id": try once(&members.id, key, start, scanner.identifier(key, upTo: limits.textBytes))
    case "title": try once(&members.title, key, start, text(key, from: &scanner))
    case "body": try once(&members.body, key, start, text(key, from: &scanner))
    case "tags": try once(&members.tags, key, start, tags(from: &scanner))
    case "scene": try once(&members.scene, key, start, text(key, from: &scanner))
    case "language": try once(&members.language, key, start, text(key, from: &scanner))
    case "created": try once(&members.created, key, start, scanner.instant(key, now: nil, limits: limits))
    case "past": try readPast(from: &scanner, into: &members)
    default: try pass(key, from: &scanner, known: Self.known)
    }
  }

  private static let known = ["id", "title", "body", "tags", "scene", "language", "created", "past"]
  private static let knownOfPast = ["sends", "deliveries", "clicks", "conversions", "optOuts", "lastUsed"]

  private func pass(_ key: String, from scanner: inout JSONScanner, known: [String]) throws(Refusal) {
    let isLeftAlone = told?.contains(key) ?? true
    try scanner.unknown(key, isLeftAlone ? .leftAlone : .refused, among: known)
  }

  private func readPast(from scanner: inout JSONScanner, into members: inout CopyMembers) throws(Refusal) {
    if try scanner.kind() == .null { return try scanner.null() }
    try scanner.enterObject("past")
    try scanner.members { key, scanner throws(Refusal) in
      let start = scanner.position
      switch key {
      case "sends": try once(&members.sends, key, start, count(key, from: &scanner))
      case "deliveries": try once(&members.deliveries, key, start, count(key, from: &scanner))
      case "clicks": try once(&members.clicks, key, start, count(key, from: &scanner))
      case "conversions": try once(&members.conversions, key, start, count(key, from: &scanner))
      case "optOuts": try once(&members.optOuts, key, start, count(key, from: &scanner))
      case "lastUsed": try once(&members.lastUsed, key, start, scanner.instant(key, now: nil, limits: limits))
      default: try pass(key, from: &scanner, known: Self.knownOfPast)
      }
    }
  }

  private func text(_ what: String, from scanner: inout JSONScanner) throws(Refusal) -> String? {
    switch try scanner.kind() {
    case .null:
      try scanner.null()
      return nil
    case .string: return try scanner.string()
    case let kind: throw scanner.wrongType(what, "text", kind)
    }
  }

  private func tags(from scanner: inout JSONScanner) throws(Refusal) -> [String]? {
    let kind = try scanner.kind()
    if kind == .null {
      try scanner.null()
      return nil
    }
    guard kind == .array else { throw scanner.wrongType("tags", "a list of texts", kind) }
    scanner.enter()
    var tags: [String] = []
    var isFirst = true
    while try scanner.nextElement(&isFirst) {
      do throws(Refusal) {
        guard tags.count < limits.listItems else {
          throw Refusal(.tooMany, "a list has at most \(limits.listItems) items", offset: scanner.position)
        }
        guard let tag = try text("a tag", from: &scanner) else {
          throw scanner.wrongType("a tag", "text", .null)
        }
        tags.append(tag)
      } catch { throw error.inside("\(tags.count)") }
    }
    return tags
  }

  private func count(_ what: String, from scanner: inout JSONScanner) throws(Refusal) -> Int? {
    let kind = try scanner.kind()
    if kind == .null {
      try scanner.null()
      return nil
    }
    let start = scanner.position
    guard kind == .number else { throw scanner.wrongType(what, "a whole number", kind) }
    guard let count = Int(exactly: try scanner.number()) else {
      throw Refusal(.invalid, "\(what) is no whole number", offset: start)
    }
    return count
  }
}

extension Refusal {
  fileprivate init(_ error: CopyError, at offset: Int) {
    let place =
      switch error.part {
      case .sends, .deliveries, .clicks, .conversions, .optOuts, .lastUsed: "/past/\(error.part.rawValue)"
      default: "/\(error.part.rawValue)"
      }
    self.init(.invalid, pointer: place, error.message, hint: error.hint, offset: offset)
  }
}
