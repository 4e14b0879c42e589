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

  public func wants(_ copy: LibraryCopy) -> Bool {
    if let tag, !copy.tags.contains(tag) { return false }
    if let scene, copy.scene != scene { return false }
    guard let language else { return true }
    guard let own = copy.language?.lowercased() else { return false }
    return own == language || own.hasPrefix(language + "-")
  }
}
