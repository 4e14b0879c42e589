import AttuneModel
import Codec
public import Materials

/// Which column of a table holds which part of a copy. `tags` are separated by `;`, instants are RFC 3339, a day, or
/// epoch milliseconds; an empty field says nothing.
public struct CopyColumns: Sendable {
  /// A table without some column that every copy needs.
  public struct Unfit: Error, Hashable, Sendable {
    public var message: String
    public var hint: String
  }

  private let places: [CopyError.Part: Int]
  private let count: Int
  /// Columns that mean nothing here, and what may have been meant.
  public let ignored: [(place: Int, name: String, hint: String?)]

  /// Names are compared without case, spaces, `-` and `_`.
  public init(_ header: [String]) throws(Unfit) {
    var places: [CopyError.Part: Int] = [:]
    var ignored: [(Int, String, String?)] = []
    let names = CopyError.Part.allCases.map(\.rawValue)
    for (place, name) in header.enumerated() {
      guard let part = CopyError.Part.allCases.first(where: { Self.plain($0.rawValue) == Self.plain(name) }) else {
        ignored.append((place, name, nearest(to: name, among: names).map { "did you mean '\($0)'?" }))
        continue
      }
      guard places.updateValue(place, forKey: part) == nil else {
        throw Unfit(message: "there are two columns '\(part.rawValue)'", hint: "keep one of them")
      }
    }
    for part in [CopyError.Part.id, .title, .body] where places[part] == nil {
      let isOne = header.count == 1 && header[0].contains { $0 == ";" || $0 == "\t" }
      let near = nearest(to: part.rawValue, among: header)
      throw Unfit(
        message: "there is no column '\(part.rawValue)'",
        hint: isOne
          ? "separate the columns with commas"
          : near.map { "is '\($0)' meant to be '\(part.rawValue)'?" } ?? "the first line names the columns: "
            + names.joined(separator: ","))
    }
    self.places = places
    self.ignored = ignored
    count = header.count
  }

  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0 != "-" && $0 != "_" && !$0.isWhitespace }
  }

  /// Where a part stands in a record.
  public func place(of part: CopyError.Part) -> Int? { places[part] }

  public func copy(from fields: [String]) throws(CopyError) -> LibraryCopy {
    guard fields.count == count else {
      throw CopyError(
        .id, "the line has \(fields.count) fields, the first one has \(count)",
        hint: "put fields with commas or quotes in quotes, and double the quotes in them")
    }
    func text(_ part: CopyError.Part) -> String? {
      places[part].map { fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
    }
    var members = CopyMembers()
    members.id = text(.id)?.trimmed
    members.title = text(.title)
    members.body = text(.body)
    members.tags = text(.tags)?.split(separator: ";").map { String($0).trimmed }.filter { !$0.isEmpty }
    members.scene = text(.scene)?.trimmed
    members.language = text(.language)?.trimmed
    members.created = try instant(text(.created), .created)
    members.sends = try count(text(.sends), .sends)
    members.deliveries = try count(text(.deliveries), .deliveries)
    members.clicks = try count(text(.clicks), .clicks)
    members.conversions = try count(text(.conversions), .conversions)
    members.optOuts = try count(text(.optOuts), .optOuts)
    members.lastUsed = try instant(text(.lastUsed), .lastUsed)
    return try members.copy()
  }

  private func count(_ text: String?, _ part: CopyError.Part) throws(CopyError) -> Int? {
    guard let text = text?.trimmed, !text.isEmpty else { return nil }
    if let count = Int(text) { return count }
    throw CopyError(part, "'\(text)' is no whole number", hint: "digits alone: 12000")
  }

  private func instant(_ text: String?, _ part: CopyError.Part) throws(CopyError) -> Instant? {
    guard let text = text?.trimmed, !text.isEmpty else { return nil }
    if let instant = Instant(rfc3339: text) { return instant }
    if let day = CivilDate(text) { return Zone.utc.start(ofDay: day.daysSince1970) }
    if let milliseconds = Int64(text) { return Instant(milliseconds: milliseconds) }
    throw CopyError(
      part, "'\(text)' is no instant", hint: "write 2026-11-21, 2026-11-21T22:00:00+08:00 or epoch milliseconds")
  }
}

extension String {
  fileprivate var trimmed: String {
    let start = drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }
}
