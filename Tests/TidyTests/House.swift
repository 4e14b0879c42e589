import Foundation

/// The sources as tokens, not as meaning: which folder names whose types, and which names stand only once.
///
/// A room is a folder of a module (`Reach/Choice`), or the module itself for files directly in it (`Reach`). A name that
/// is declared twice is left out, so an arrow can be missing; none is invented.
struct House {
  struct File {
    var path: String
    var module: String
    var room: String
    /// Types it declares for others at its outermost level.
    var declares: Set<String> = []
    /// Names beginning with a capital, not after a dot.
    var mentions: Set<String> = []
    var imports: Set<String> = []
  }

  let files: [File]
  /// Declared names with their place, where the whole of sources, tests and snippets has them once.
  let dead: [String]

  /// - Parameter sources: texts by their paths under `Sources`.
  /// - Parameter others: texts that may use what the sources declare.
  init(sources: [String: String], others: [String] = []) {
    var counts: [String: Int] = [:]
    var declared: [(name: String, place: String)] = []
    var files: [File] = []
    for (path, text) in sources.sorted(by: { $0.key < $1.key }) {
      let code = Code(text)
      let parts = path.split(separator: "/").map(String.init)
      var file = File(
        path: path, module: parts[0], room: parts.prefix(max(1, min(2, parts.count - 1))).joined(separator: "/"))
      for word in code.words {
        counts[word.text, default: 0] += 1
        if !word.isInString, !word.followsDot, word.text.first?.isUppercase == true { file.mentions.insert(word.text) }
      }
      for declaration in code.declarations {
        if declaration.isType, declaration.isOutermost, !declaration.isPrivate {
          file.declares.insert(declaration.name)
        }
        if !declaration.isExempt {
          declared.append((declaration.name, "\(path):\(declaration.line): \(declaration.name)"))
        }
      }
      file.imports = code.imports
      files.append(file)
    }
    for text in others { for word in Code(text).words { counts[word.text, default: 0] += 1 } }
    self.files = files
    dead = declared.filter { counts[$0.name] == 1 }.map(\.place)
  }

  /// Who names whose types: room, room it names, the types.
  var arrows: [String: [String: Set<String>]] {
    var homes: [String: [File]] = [:]
    for file in files { for name in file.declares { homes[name, default: []].append(file) } }
    var arrows: [String: [String: Set<String>]] = [:]
    for file in files {
      for name in file.mentions {
        guard let home = homes[name], home.count == 1, home[0].room != file.room,
          home[0].module == file.module || file.imports.contains(home[0].module)
        else { continue }
        arrows[file.room, default: [:]][home[0].room, default: []].insert(name)
      }
    }
    return arrows
  }

  /// Folders of one module of which each names types of the next, and the last of the first.
  var rings: [String] {
    let arrows = arrows
    func module(_ room: String) -> Substring { room.prefix { $0 != "/" } }
    func reachable(from room: String) -> Set<String> {
      var (seen, open): (Set<String>, [String]) = ([], [room])
      while let next = open.popLast() {
        for (other, _) in arrows[next] ?? [:] where module(other) == module(room) && seen.insert(other).inserted {
          open.append(other)
        }
      }
      return seen
    }
    let reach = Dictionary(uniqueKeysWithValues: arrows.keys.map { ($0, reachable(from: $0)) })
    var told: Set<String> = []
    var rings: [String] = []
    for room in arrows.keys.sorted() where reach[room]?.contains(room) == true && !told.contains(room) {
      let ring = arrows.keys.filter { reach[room]!.contains($0) && reach[$0]!.contains(room) }.sorted()
      told.formUnion(ring)
      let edges = ring.flatMap { from in
        ring.compactMap { to in arrows[from]?[to].map { "\(from) -> \(to): \($0.sorted().joined(separator: ", "))" } }
      }
      rings.append(([ring.joined(separator: ", ")] + edges).joined(separator: "\n    "))
    }
    return rings
  }
}

/// One file's words and declarations, without its comments.
struct Code {
  struct Word {
    var text: String
    var line: Int
    var isInString: Bool
    var followsDot: Bool
  }

  struct Declaration {
    var name: String
    var line: Int
    var isType: Bool
    var isOutermost: Bool
    var isPrivate: Bool
    /// Called by others than our sources: witnesses of foreign protocols, overrides, the program's entry.
    var isExempt: Bool
  }

  private(set) var words: [Word] = []
  private(set) var declarations: [Declaration] = []
  private(set) var imports: Set<String> = []

  private static let types: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
  private static let members: Set<String> = ["func", "var", "let", "case"]

  init(_ text: String) {
    scan(Array(text.utf8))
    read(text.split(separator: "\n", omittingEmptySubsequences: false))
  }

  private mutating func scan(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { bytes in
      let count = bytes.count
      var (position, line) = (0, 1)
      /// Open strings: the number of quotes and of hashes, and how many parentheses are open in an interpolation.
      var open: [(quotes: Int, hashes: Int, depth: Int)] = []
      func byte(_ offset: Int) -> UInt8 { offset < count ? bytes[offset] : 0 }
      func run(of wanted: UInt8, at start: Int) -> Int {
        var end = start
        while byte(end) == wanted { end += 1 }
        return end - start
      }
      while position < count {
        let here = bytes[position]
        if here == 10 { line += 1 }
        if let string = open.last, string.depth == 0 {
          if here == UInt8(ascii: "\\"), run(of: UInt8(ascii: "#"), at: position + 1) >= string.hashes {
            position += 1 + string.hashes
            if byte(position) == UInt8(ascii: "(") { open[open.count - 1].depth = 1 }
            position += 1
          } else if here == UInt8(ascii: "\""), run(of: here, at: position) >= string.quotes,
            run(of: UInt8(ascii: "#"), at: position + string.quotes) >= string.hashes
          {
            position += string.quotes + string.hashes
            open.removeLast()
          } else {
            position += 1
          }
          continue
        }
        let hashes = run(of: UInt8(ascii: "#"), at: position)
        if byte(position + hashes) == UInt8(ascii: "\"") {
          let quotes = run(of: UInt8(ascii: "\""), at: position + hashes) >= 3 ? 3 : 1
          position += hashes + quotes
          open.append((quotes, hashes, 0))
        } else if here == UInt8(ascii: "/"), byte(position + 1) == UInt8(ascii: "/") {
          while position < count, bytes[position] != 10 { position += 1 }
        } else if here == UInt8(ascii: "/"), byte(position + 1) == UInt8(ascii: "*") {
          position += 2
          while position < count, !(bytes[position] == UInt8(ascii: "*") && byte(position + 1) == UInt8(ascii: "/")) {
            if bytes[position] == 10 { line += 1 }
            position += 1
          }
          position += 2
        } else if Self.begins(here) {
          let start = position
          while position < count, Self.begins(bytes[position]) || Self.isDigit(bytes[position]) { position += 1 }
          words.append(
            Word(
              text: String(decoding: bytes[start..<position], as: UTF8.self), line: line, isInString: !open.isEmpty,
              followsDot: start > 0 && bytes[start - 1] == UInt8(ascii: ".")))
        } else {
          if let string = open.last, string.depth > 0 {
            if here == UInt8(ascii: "(") { open[open.count - 1].depth += 1 }
            if here == UInt8(ascii: ")") { open[open.count - 1].depth -= 1 }
          }
          position += 1
        }
      }
    }
  }

  private static func begins(_ byte: UInt8) -> Bool {
    byte >= 65 && byte <= 90 || byte >= 97 && byte <= 122 || byte == 95 || byte >= 128
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

  private mutating func read(_ lines: [Substring]) {
    var index = words.startIndex
    while index < words.endIndex {
      let line = words[index].line
      var end = index
      while end < words.endIndex, words[end].line == line { end += 1 }
      read(words[index..<end], lines[line - 1], line, isEntry: line > 1 && lines[line - 2] == "@main")
      index = end
    }
  }

  /// Declarations stand at the beginning of a line, after attributes and modifiers.
  private mutating func read(_ words: ArraySlice<Word>, _ line: Substring, _ number: Int, isEntry: Bool) {
    let words = words.filter { !$0.isInString }.map(\.text)
    if let place = words.firstIndex(of: "import"), place <= 2, place + 1 < words.count {
      imports.insert(words[place + 1])
      return
    }
    guard let place = words.firstIndex(where: { Self.types.contains($0) || Self.members.contains($0) }),
      place + 1 < words.count,
      words[..<place].allSatisfy({ Self.modifiers.contains($0) || line.contains("@\($0)") })
    else { return }
    let isType = Self.types.contains(words[place]) && words[place + 1] != "func" && words[place + 1] != "var"
    let name = isType || Self.members.contains(words[place]) ? words[place + 1] : words[min(place + 2, words.count - 1)]
    declarations.append(
      Declaration(
        name: name, line: number, isType: isType, isOutermost: line.first != " ",
        isPrivate: words[..<place].contains { ["private", "fileprivate"].contains($0) },
        isExempt: isEntry || words[..<place].contains("override") || words[place] == "case" || line.contains("@")
          || Self.calledByOthers.contains(name)))
  }

  private static let modifiers: Set<String> = [
    "public", "package", "internal", "fileprivate", "private", "set", "final", "indirect", "nonisolated", "open",
    "static",
    "mutating", "override", "convenience", "required", "lazy", "weak", "unowned", "borrowing", "consuming", "dynamic",
    "prefix", "postfix", "infix",
  ]

  /// Requirements of the standard library's and other packages' protocols, and what Swift itself calls.
  private static let calledByOthers: Set<String> = [
    "main", "configuration", "description", "hash", "body", "errorDescription", "asUnownedSerialExecutor",
    "unownedExecutor", "enqueue", "codingPath", "allKeys", "userInfo", "init", "callAsFunction",
    // swift-metrics' factory and handlers.
    "makeCounter", "makeFloatingPointCounter", "makeMeter", "makeRecorder", "makeTimer", "destroyCounter",
    "destroyFloatingPointCounter", "destroyMeter", "destroyRecorder", "destroyTimer", "decrement", "recordNanoseconds",
    // SwiftNIO's channel handlers.
    "InboundIn", "InboundOut", "OutboundIn", "OutboundOut", "channelActive", "channelRead", "channelReadComplete",
    "channelInactive", "errorCaught", "userInboundEventTriggered",
  ]
}
