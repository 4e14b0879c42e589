import AttuneModel

/// Reads YAML's flow style with its places, enough to write rules in tests: `{ a: b, c: [1, "x"] }` over any lines.
struct Flow {
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var column = 1

  static func node(_ text: String) -> Node {
    var flow = Flow(scalars: Array(text.unicodeScalars))
    return flow.value()
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
  private var mark: Mark { Mark(file: "rule.yaml", line: line, column: column) }

  private mutating func advance() {
    if current == "\n" {
      line += 1
      column = 1
    } else {
      column += 1
    }
    position += 1
  }

  private mutating func skip(_ extra: Unicode.Scalar? = nil) {
    while let scalar = current, scalar == " " || scalar == "\n" || scalar == extra { advance() }
  }

  private mutating func value() -> Node {
    skip()
    let mark = mark
    switch current {
    case "[":
      advance()
      var items: [Node] = []
      while more(until: "]") { items.append(value()) }
      return Node(.sequence(items), mark: mark)
    case "{":
      advance()
      var entries: [Node.Entry] = []
      while more(until: "}") {
        let keyMark = self.mark
        let key = scalar()
        skip(":")
        entries.append(Node.Entry(key: key.text, keyMark: keyMark, value: value()))
      }
      return Node(.mapping(entries), mark: mark)
    default:
      let (text, quoted) = scalar()
      return Node(text.isEmpty && !quoted ? .null : .scalar(text, quoted: quoted), mark: mark)
    }
  }

  private mutating func more(until end: Unicode.Scalar) -> Bool {
    skip(",")
    // What closes nothing would be waited on for ever.
    while let scalar = current, scalar != end, "]}:".unicodeScalars.contains(scalar) { advance() }
    guard let scalar = current, scalar != end else {
      advance()
      return false
    }
    return true
  }

  private mutating func scalar() -> (text: String, quoted: Bool) {
    var text = String.UnicodeScalarView()
    if current == "\"" {
      advance()
      while let scalar = current, scalar != "\"" {
        text.append(scalar)
        advance()
      }
      advance()
      return (String(text), true)
    }
    while let scalar = current, !",]}\n".unicodeScalars.contains(scalar), !(scalar == ":" && isColonEnd) {
      text.append(scalar)
      advance()
    }
    while text.last == " " { text.removeLast() }
    return (String(text), false)
  }

  private var isColonEnd: Bool { position + 1 >= scalars.count || " \n".unicodeScalars.contains(scalars[position + 1]) }
}
