import AttuneModel
import Materials

/// The parts of a copy, before they are known to make one.
struct CopyMembers {
  var id: String?
  var title: String?
  var body: String?
  var tags: [String]?
  var scene: String?
  var language: String?
  var created: Instant?
  var sends: Int?
  var deliveries: Int?
  var clicks: Int?
  var conversions: Int?
  var optOuts: Int?
  var lastUsed: Instant?

  func copy() throws(CopyError) -> LibraryCopy {
    try LibraryCopy(
      id: require(id, .id, "letters and digits, unique in the library"), title: require(title, .title, nil),
      body: require(body, .body, nil), tags: tags ?? [], scene: scene, language: language, created: created,
      past: past())
  }

  private func past() throws(CopyError) -> LibraryCopy.Past? {
    if [sends, deliveries, clicks, conversions, optOuts].allSatisfy({ $0 == nil }), lastUsed == nil { return nil }
    return LibraryCopy.Past(
      counts: CopyCounts(
        sends: try require(sends, .sends, "the other counts mean nothing without it"), deliveries: deliveries ?? 0,
        clicks: clicks ?? 0, conversions: conversions ?? 0, optOuts: optOuts ?? 0),
      lastUsed: lastUsed)
  }

  private func require<T>(_ value: T?, _ part: CopyError.Part, _ hint: String?) throws(CopyError) -> T {
    if let value { return value }
    throw CopyError(part, "'\(part.rawValue)' is missing", hint: hint)
  }
}
