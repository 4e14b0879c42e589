/// A piece of configuration as it was written, with its place: what YAML or JSON becomes before it gets a meaning.
public struct Node: Hashable, Sendable {
  public var content: Content
  public var mark: Mark

  public indirect enum Content: Hashable, Sendable {
    case null
    /// `quoted` tells `"5"` from `5`.
    case scalar(String, quoted: Bool)
    case sequence([Node])
    case mapping([Entry])
  }

  /// A key and its value.
  public struct Entry: Hashable, Sendable {
    public var key: String
    public var keyMark: Mark
    public var value: Node
    public init(key: String, keyMark: Mark, value: Node) {
      self.key = key
      self.keyMark = keyMark
      self.value = value
    }
  }

  public init(_ content: Content, mark: Mark) {
    self.content = content
    self.mark = mark
  }

  /// Whether another says the same, wherever it is written.
  public func says(theSameAs other: Node) -> Bool {
    switch (content, other.content) {
    case (.sequence(let a), .sequence(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.says(theSameAs: $1) }
    case (.mapping(let a), .mapping(let b)):
      a.count == b.count && a.allSatisfy { entry in other[entry.key].map(entry.value.says(theSameAs:)) ?? false }
    // JSON quotes what YAML need not.
    case (.scalar(let a, _), .scalar(let b, _)): a == b
    default: content == other.content
    }
  }

  /// The text of a scalar, quoted or not; nil for anything else.
  public var scalar: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// The value under a key of a mapping.
  public subscript(key: String) -> Node? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The items of a sequence; a single scalar or mapping counts as a sequence of one.
  public var items: [Node] {
    switch content {
    case .sequence(let nodes): nodes
    case .null: []
    default: [self]
    }
  }

  /// A scalar read as YAML's core schema would: number, boolean, else text.
  public var value: Value? {
    switch content {
    case .scalar(let text, let quoted):
      if quoted { return .string(text) }
      if text == "true" || text == "false" { return .bool(text == "true") }
      if let number = Double(text), number.isFinite { return .number(number) }
      return .string(text)
    case .sequence(let nodes):
      let values = nodes.compactMap(\.value)
      return values.count == nodes.count ? .list(values) : nil
    case .null, .mapping: return nil
    }
  }
}

/// A place in a file; line and column count from 1.
public struct Mark: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var file: String
  public var line: Int
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String { "\(file):\(line):\(column)" }

  public static func < (a: Mark, b: Mark) -> Bool { (a.file, a.line, a.column) < (b.file, b.line, b.column) }

  /// The same line, further right: for errors inside a scalar.
  public func advanced(by columns: Int) -> Mark { Mark(file: file, line: line, column: column + columns) }
}

extension Node: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(mark)
    switch content {
    case .null: writer.write(UInt8(0))
    case .scalar(let text, let quoted):
      writer.write(UInt8(quoted ? 2 : 1))
      writer.write(text)
    case .sequence(let nodes):
      writer.write(UInt8(3))
      writer.write(nodes)
    case .mapping(let entries):
      writer.write(UInt8(4))
      writer.write(entries)
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    let mark: Mark = try reader.read()
    switch try reader.read() as UInt8 {
    case 0: self.init(.null, mark: mark)
    case 1: self.init(.scalar(try reader.read(), quoted: false), mark: mark)
    case 2: self.init(.scalar(try reader.read(), quoted: true), mark: mark)
    case 3: self.init(.sequence(try reader.read()), mark: mark)
    case 4: self.init(.mapping(try reader.read()), mark: mark)
    default: throw BinaryError.invalid("a node", at: reader.position - 1)
    }
  }
}

extension Node.Entry: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(key)
    writer.write(keyMark)
    writer.write(value)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(key: try reader.read(), keyMark: try reader.read(), value: try reader.read())
  }
}

extension Mark: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(file)
    writer.write(line)
    writer.write(column)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(file: try reader.read(), line: try reader.read(), column: try reader.read())
  }
}
