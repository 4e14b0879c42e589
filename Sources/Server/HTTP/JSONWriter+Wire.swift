import API
import AttuneModel
import Codec
import Insight

extension JSONWriter {
  /// The text of a wire type, members in the order of their declaration: the same answer is the same text.
  /// - Throws: what the value's `encode(to:)` throws.
  static func text(of value: some Encodable) throws -> [UInt8] {
    var text = JSONWriter()
    text.write(try AnyJSON(encoding: value))
    return text.bytes
  }

  /// A number that is not finite is null.
  mutating func write(_ json: AnyJSON) {
    switch json {
    case .null: literal("null")
    case .flag(let flag): write(Value.bool(flag))
    case .integer(let number): integer(number)
    case .number(let number): write(Value.number(number))
    case .text(let text): write(text)
    case .list(let items): array(items) { $0.write($1) }
    case .object(let members): object { $0.write(members) }
    }
  }

  /// Within the object being written.
  mutating func write(_ members: [AnyJSON.Member]) {
    for one in members { member(one.name) { $0.write(one.value) } }
  }
}
