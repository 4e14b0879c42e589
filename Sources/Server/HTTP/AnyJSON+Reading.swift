import API
import Codec
import Foundation

extension AnyJSON {
  /// Deeper than any body means anything.
  private static let depth = 64

  /// One value. A member that is given twice is refused: nobody has to guess which of the two wins.
  init(reading data: Data) throws(Refusal) {
    let result: Result<AnyJSON, Refusal> = data.withUnsafeBytes { bytes in
      let bytes = bytes.bindMemory(to: UInt8.self)
      let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      var scanner = JSONScanner(bytes, in: start..<bytes.count)
      return Result { () throws(Refusal) in
        let value = try AnyJSON(from: &scanner, depth: Self.depth)
        try scanner.finish()
        return value
      }
    }
    self = try result.get()
  }

  private init(from scanner: inout JSONScanner, depth: Int) throws(Refusal) {
    guard depth > 0 else {
      throw Refusal(.tooDeep, "nested deeper than \(Self.depth) levels", offset: scanner.position)
    }
    switch try scanner.kind() {
    case .null:
      try scanner.null()
      self = .null
    case .bool: self = .flag(try scanner.bool())
    case .string: self = .text(try scanner.string())
    case .number:
      let start = scanner.position
      let number = try scanner.scanNumber()
      if number.isInteger, let whole = Int64(scanner.text(number)) {
        self = .integer(whole)
      } else {
        scanner.position = start
        self = .number(try scanner.number())
      }
    case .array: self = .list(try Self.items(from: &scanner, depth: depth))
    case .object: self = .object(try Self.members(from: &scanner, depth: depth) as [Member])
    }
  }

  private static func items(from scanner: inout JSONScanner, depth: Int) throws(Refusal) -> [AnyJSON] {
    scanner.enter()
    var items: [AnyJSON] = []
    var isFirst = true
    while try scanner.nextElement(&isFirst) {
      do throws(Refusal) { items.append(try AnyJSON(from: &scanner, depth: depth - 1)) } catch {
        throw error.inside("\(items.count)")
      }
    }
    return items
  }

  private static func members(from scanner: inout JSONScanner, depth: Int) throws(Refusal) -> [Member] {
    scanner.enter()
    var members: [Member] = []
    var names: Set<String> = []
    var isFirst = true
    while let name = try scanner.nextKey(&isFirst) {
      guard names.insert(name).inserted else {
        throw Refusal(
          .duplicate, "'\(name.prefix(64))' is given twice", hint: "keep one of them", offset: scanner.position
        ).inside(name)
      }
      do throws(Refusal) { members.append(Member(name, try AnyJSON(from: &scanner, depth: depth - 1))) } catch {
        throw error.inside(name)
      }
    }
    return members
  }
}
