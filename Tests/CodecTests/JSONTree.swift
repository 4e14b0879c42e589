import AttuneModel
import Foundation

@testable import Codec

/// A whole JSON value: what the scanner never builds, for comparing it with Foundation's decoder.
indirect enum JSONTree: Equatable, Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONTree])
  case object([String: JSONTree])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .bool(flag)
    } else if let text = try? container.decode(String.self) {
      self = .string(text)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let items = try? container.decode([JSONTree].self) {
      self = .array(items)
    } else {
      self = .object(try container.decode([String: JSONTree].self))
    }
  }

  /// By the scanner under test. The first of equal keys wins, as with Foundation.
  init(scanning bytes: [UInt8]) throws(Refusal) {
    let result: Result<JSONTree, Refusal> = bytes.withUnsafeBufferPointer { buffer in
      do throws(Refusal) {
        var scanner = JSONScanner(buffer)
        let tree = try JSONTree(from: &scanner)
        try scanner.finish()
        return .success(tree)
      } catch { return .failure(error) }
    }
    self = try result.get()
  }

  private init(from scanner: inout JSONScanner) throws(Refusal) {
    var isFirst = true
    switch try scanner.kind() {
    case .null:
      try scanner.null()
      self = .null
    case .bool: self = .bool(try scanner.bool())
    case .number: self = .number(try scanner.number())
    case .string: self = .string(try scanner.string())
    case .array:
      scanner.enter()
      var items: [JSONTree] = []
      while try scanner.nextElement(&isFirst) { items.append(try JSONTree(from: &scanner)) }
      self = .array(items)
    case .object:
      scanner.enter()
      var members: [String: JSONTree] = [:]
      while let key = try scanner.nextKey(&isFirst) {
        let value = try JSONTree(from: &scanner)
        if members[key] == nil { members[key] = value }
      }
      self = .object(members)
    }
  }

  var hasZero: Bool {
    switch self {
    case .number(let number): number == 0
    case .array(let items): items.contains { $0.hasZero }
    case .object(let members): members.values.contains { $0.hasZero }
    case .null, .bool, .string: false
    }
  }

  /// By Foundation; nil when it refuses.
  static func byFoundation(_ bytes: [UInt8]) -> JSONTree? {
    try? JSONDecoder().decode(JSONTree.self, from: Data(bytes))
  }
}

/// Writes random JSON with every liberty the grammar gives.
struct RandomJSON {
  var random: SeededGenerator
  private(set) var bytes: [UInt8] = []

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func value(depth: Int = 4) {
    space()
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: write(["null", "true", "false"].randomElement(using: &random) ?? "null")
    case 1, 2: number()
    case 3, 4: string()
    case 5, 6:
      write("{")
      for index in 0..<Int.random(in: 0..<4, using: &random) {
        if index > 0 { write(",") }
        space()
        string(ending: "\(index)")
        space()
        write(":")
        value(depth: depth - 1)
      }
      write("}")
    default:
      write("[")
      for index in 0..<Int.random(in: 0..<4, using: &random) {
        if index > 0 { write(",") }
        value(depth: depth - 1)
      }
      write("]")
    }
    space()
  }

  mutating func number() {
    if Bool.random(using: &random) { write("-") }
    write(String(UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0..<64, using: &random)))
    if Bool.random(using: &random) {
      write(".")
      for _ in 0..<Int.random(in: 1..<20, using: &random) { write("\(Int.random(in: 0..<10, using: &random))") }
    }
    if Bool.random(using: &random) {
      write(["e", "E", "e+", "E-", "e-0"].randomElement(using: &random) ?? "e")
      write("\(Int.random(in: 0..<280, using: &random))")
    }
  }

  mutating func string(ending: String = "") {
    let pieces = [
      "a", "user", "é", "商品", "👟", " ", "/", "~", ".", "\u{7F}", "\u{2028}", "\\n", "\\\"", "\\\\", "\\/", "\\b", "\\f",
      "\\r", "\\t", "\\u0041", "\\u00e9", "\\u5546", "\\uD83D\\uDC5F", "\\u0000", "\\uFFFF",
    ]
    write("\"")
    for _ in 0..<Int.random(in: 0..<6, using: &random) { write(pieces.randomElement(using: &random) ?? "") }
    write(ending + "\"")
  }

  private mutating func space() {
    for _ in 0..<max(0, Int.random(in: -4..<3, using: &random)) {
      write([" ", "\n", "\r", "\t"].randomElement(using: &random) ?? " ")
    }
  }

  private mutating func write(_ text: String) { bytes += Array(text.utf8) }
}

extension [UInt8] {
  /// One small damage: a byte changed, lost or put in, a piece doubled, the end cut off.
  func damaged(by random: inout SeededGenerator) -> [UInt8] {
    guard let place = indices.randomElement(using: &random) else { return self }
    var bytes = self
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(Array("{}[]\",:\\ue-+.0 \u{1}".utf8).randomElement(using: &random) ?? 0, at: place)
    case 3: bytes.insert(contentsOf: self[place..<Swift.min(place + 5, count)], at: place)
    case 4: bytes.removeLast(count - place)
    default: bytes.swapAt(place, indices.randomElement(using: &random) ?? place)
    }
    return bytes
  }
}
