import AttuneModel
import Codec

/// Reads JSON into the nodes that YAML becomes, with the same places: JSON is nearly YAML, but a `\ud83d\ude00` is not.
struct JSONReader {
  private let file: String
  private var scanner: JSONScanner
  /// Where the place was asked for last, as most are asked for in their order.
  private var place = (offset: 0, line: 1, column: 1)
  private var count = 0
  /// What is told of a text that is JSON and not to be used.
  private(set) var diagnostics = Diagnostics()

  /// The only value of a text.
  /// - Throws: at what is no JSON.
  static func node(_ text: String, file: String, _ diagnostics: inout Diagnostics) throws(Refusal) -> Node {
    var text = text
    let result: Result<(Node, Diagnostics), Refusal> = text.withUTF8 { bytes in
      var reader = JSONReader(file, bytes)
      return Result { () throws(Refusal) in
        let node = try reader.value(depth: YAMLReader.depthLimit)
        try reader.scanner.finish()
        return (node, reader.diagnostics)
      }
    }
    let (node, told) = try result.get()
    diagnostics.append(told)
    return node
  }

  /// Where in the text a refusal is meant.
  static func mark(_ refusal: Refusal, in text: String, file: String) -> Mark {
    var text = text
    return text.withUTF8 { bytes in
      var reader = JSONReader(file, bytes)
      return reader.mark(at: min(refusal.offset, bytes.count))
    }
  }

  private init(_ file: String, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.file = file
    scanner = JSONScanner(bytes)
  }

  private mutating func value(depth: Int) throws(Refusal) -> Node {
    let kind = try scanner.kind()
    let start = scanner.position
    let mark = mark(at: start)
    count += 1
    guard depth > 0, count <= YAMLReader.nodeLimit else {
      throw Refusal(
        .tooDeep,
        depth > 0
          ? "more than \(YAMLReader.nodeLimit) values" : "nested deeper than \(YAMLReader.depthLimit) levels",
        offset: start)
    }
    switch kind {
    case .null:
      try scanner.null()
      return Node(.null, mark: mark)
    case .bool: return Node(.scalar(try scanner.bool() ? "true" : "false", quoted: false), mark: mark)
    case .number:
      let number = try scanner.scanNumber()
      return Node(.scalar(scanner.text(number), quoted: false), mark: mark)
    case .string:
      let text = try scanner.string()
      diagnostics.checkReadable(text, at: mark)
      return Node(.scalar(text, quoted: true), mark: mark)
    case .array: return Node(.sequence(try items(depth: depth)), mark: mark)
    case .object: return Node(.mapping(try entries(depth: depth)), mark: mark)
    }
  }

  private mutating func items(depth: Int) throws(Refusal) -> [Node] {
    scanner.enter()
    var items: [Node] = []
    var isFirst = true
    while try scanner.nextElement(&isFirst) { items.append(try value(depth: depth - 1)) }
    return items
  }

  private mutating func entries(depth: Int) throws(Refusal) -> [Node.Entry] {
    scanner.enter()
    var entries: [Node.Entry] = []
    var names: Set<String> = []
    var isFirst = true
    while true {
      // The name is behind a comma and spaces.
      var ahead = scanner
      if !isFirst, ahead.peek() == 0x2C { ahead.position += 1 }
      _ = ahead.peek()
      guard let key = try scanner.nextKey(&isFirst) else { return entries }
      let keyMark = mark(at: ahead.position)
      if !names.insert(key).inserted {
        diagnostics.error(keyMark, "'\(key)' given twice in one mapping", hint: "keep one of them")
      }
      entries.append(Node.Entry(key: key, keyMark: keyMark, value: try value(depth: depth - 1)))
    }
  }

  /// Columns count characters, not bytes.
  private mutating func mark(at offset: Int) -> Mark {
    if offset < place.offset { place = (0, 1, 1) }
    while place.offset < offset, let byte = scanner.byte(at: place.offset) {
      place.offset += 1
      if byte == 0x0A {
        place = (place.offset, place.line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        place.column += 1
      }
    }
    return Mark(file: file, line: place.line, column: place.column)
  }
}
