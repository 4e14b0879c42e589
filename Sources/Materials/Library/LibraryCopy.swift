public import AttuneModel

/// A copy of the library: words for any business or campaign to use.
public struct LibraryCopy: Hashable, Sendable {
  /// Unique in the library, and the id of its material in every message that says it: by it the history is found.
  public let id: String
  /// Templates, as a business's materials have them.
  public let title: String
  public let body: String
  /// In order, each once.
  public let tags: [String]
  /// The domain of use that it was written for; nil: any.
  public let scene: String?
  /// A language tag such as `zh-CN`.
  public let language: String?
  /// When it came to the library; nil lets the store say.
  public let created: Instant?
  /// What it did before it came here; nil where nothing is known, and in an update leaves what was known.
  public let past: Past?

  /// Totals that were brought along, without days.
  public struct Past: Hashable, Sendable {
    public var counts: CopyCounts
    /// When it was last sent there.
    public var lastUsed: Instant?

    public init(counts: CopyCounts, lastUsed: Instant? = nil) {
      self.counts = counts
      self.lastUsed = lastUsed
    }
  }

  /// Throws `CopyError` for the first part that cannot stand.
  public init(
    id: String, title: String, body: String, tags: [String] = [], scene: String? = nil, language: String? = nil,
    created: Instant? = nil, past: Past? = nil
  ) throws(CopyError) {
    self.id = try Self.checked(id: id)
    self.title = try Self.checked(title, .title, upTo: Material.titleLimit)
    self.body = try Self.checked(body, .body, upTo: Material.bodyLimit)
    self.tags = try Self.checked(tags: tags)
    self.scene = try scene.map { text throws(CopyError) in try Self.checked(name: text, .scene) }
    self.language = try language.map { text throws(CopyError) in try Self.checked(language: text) }
    self.created = created
    self.past = try Self.checked(past: past)
  }

  private init(_ copy: LibraryCopy, created: Instant?, past: Past?) {
    (id, title, body, tags) = (copy.id, copy.title, copy.body, copy.tags)
    (scene, language) = (copy.scene, copy.language)
    self.created = created
    self.past = past
  }

  /// As it stands in the library once it has taken the place of another one, or of none.
  public func replacing(_ other: LibraryCopy?, at now: Instant) -> LibraryCopy {
    LibraryCopy(self, created: created ?? other?.created ?? now, past: past ?? other?.past)
  }

  func replacing(past: Past?) -> LibraryCopy { LibraryCopy(self, created: created, past: past) }

  /// Its words without the places for values.
  var text: String { [title, body].map(Self.literals).joined(separator: "\n") }

  private static func literals(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
    var diagnostics = Diagnostics()
    return Template(parsing: text, at: Mark(file: "", line: 1, column: 1), &diagnostics)?.literals ?? text
  }
}

/// Why a copy cannot stand in the library.
public struct CopyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The part that is wrong.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    case id, title, body, tags, scene, language, created, sends, deliveries, clicks, conversions, optOuts, lastUsed
  }

  public var part: Part
  public var message: String
  public var hint: String?

  public init(_ part: Part, _ message: String, hint: String? = nil) {
    self.part = part
    self.message = message
    self.hint = hint
  }

  public var description: String { "\(part.rawValue): \(message)" + (hint.map { " (hint: \($0))" } ?? "") }
}

/// Which copies are wanted; nil wants all.
public struct CopyFilter: Hashable, Sendable {
  public var tag: String?
  public var scene: String?
  /// `zh` wants `zh-CN` too (RFC 4647, basic filtering).
  public var language: String?

  public init(tag: String? = nil, scene: String? = nil, language: String? = nil) {
    self.tag = tag
    self.scene = scene
    self.language = language?.lowercased()
  }

  /// Whether a copy is one of those wanted.
  public func wants(_ copy: LibraryCopy) -> Bool {
    if let tag, !copy.tags.contains(tag) { return false }
    if let scene, copy.scene != scene { return false }
    guard let language else { return true }
    guard let own = copy.language?.lowercased() else { return false }
    return own == language || own.hasPrefix(language + "-")
  }
}
