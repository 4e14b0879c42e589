import AttuneModel
import Codec
import Yams

/// Turns what Yams composed into nodes of our own, and refuses what a configuration has no use for.
struct YAMLConverter {
  let file: String
  private(set) var diagnostics = Diagnostics()
  private var count = 0

  init(file: String) { self.file = file }

  mutating func node(_ yaml: Yams.Node, depth: Int) -> AttuneModel.Node {
    let mark = mark(yaml.mark)
    count += 1
    if count == YAMLReader.nodeLimit + 1 {
      diagnostics.error(mark, "more than \(YAMLReader.nodeLimit) values in one file", hint: "do aliases hold aliases?")
    }
    if depth == YAMLReader.depthLimit + 1 {
      diagnostics.error(mark, "nested deeper than \(YAMLReader.depthLimit) levels")
    }
    guard count <= YAMLReader.nodeLimit, depth <= YAMLReader.depthLimit else {
      return AttuneModel.Node(.null, mark: mark)
    }
    switch yaml {
    case .scalar(let scalar):
      checkTag(scalar.tag, among: [.str, .int, .float, .bool, .null], mark)
      diagnostics.checkReadable(scalar.string, at: mark)
      return AttuneModel.Node(content(scalar), mark: mark)
    case .sequence(let sequence):
      checkTag(sequence.tag, among: [.seq], mark)
      return AttuneModel.Node(.sequence(sequence.map { node($0, depth: depth + 1) }), mark: mark)
    case .mapping(let mapping):
      checkTag(mapping.tag, among: [.map], mark)
      return AttuneModel.Node(.mapping(mapping.compactMap { entry($0.key, $0.value, depth: depth) }), mark: mark)
    case .alias:
      // Yams has put the named node in its place already.
      return AttuneModel.Node(.null, mark: mark)
    }
  }

  private mutating func entry(_ key: Yams.Node, _ value: Yams.Node, depth: Int) -> AttuneModel.Node.Entry? {
    guard case .scalar(let scalar) = key else {
      diagnostics.error(
        mark(key.mark), "a key must be text", hint: "put quotes around a text that starts with { or [")
      return nil
    }
    let keyMark = mark(scalar.mark)
    checkTag(scalar.tag, among: [.str], keyMark)
    return AttuneModel.Node.Entry(key: scalar.string.composed, keyMark: keyMark, value: node(value, depth: depth + 1))
  }

  private func content(_ scalar: Yams.Node.Scalar) -> AttuneModel.Node.Content {
    let isPlain = scalar.style == .plain && scalar.tag.rawValue != Tag.Name.str.rawValue
    if isPlain && ["", "~", "null", "Null", "NULL"].contains(scalar.string) { return .null }
    return .scalar(scalar.string.composed, quoted: !isPlain)
  }

  private mutating func checkTag(_ tag: Tag, among names: [Tag.Name], _ mark: AttuneModel.Mark) {
    let given = tag.rawValue
    if given.isEmpty || names.contains(where: { $0.rawValue == given }) { return }
    diagnostics.error(mark, "the tag '\(given)' has no meaning here", hint: "leave it out")
  }

  private func mark(_ mark: Yams.Mark?) -> AttuneModel.Mark {
    AttuneModel.Mark(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
  }
}

extension Diagnostics {
  /// One rule for all texts that people read or write: of the control characters line breaks and tabs alone.
  mutating func checkReadable(_ text: String, at mark: AttuneModel.Mark) {
    if text.isReadable { return }
    error(
      mark, "it has a control character", hint: "of these only line breaks and tabs are for people")
  }
}
