import Model

/// An event that an attempt has taken: its name, and only what the rule will ask of it.
struct Taken: Hashable, Sendable {
  var step: Int
  var sequence: UInt64
  var id: String?
  var at: Instant
  /// In the order of the step's `kept`.
  var values: [Value?]
  /// Those of the step's `objects`.
  var members: [Property] = []

  var position: Position { Position(at: at, sequence: sequence) }
}

/// The order of events: by time, and at equal instants by arrival.
struct Position: Hashable, Comparable {
  var at: Instant
  var sequence: UInt64

  static func < (a: Position, b: Position) -> Bool { (a.at, a.sequence) < (b.at, b.sequence) }
}

extension Taken: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(step)
    writer.write(sequence)
    writer.write(id)
    writer.write(at)
    writer.write(UInt64(values.count))
    for value in values { writer.write(value) }
    writer.write(members)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    step = try reader.read()
    sequence = try reader.read()
    id = try reader.read()
    at = try reader.read()
    values = []
    for _ in 0..<(try reader.read() as UInt64) { values.append(try reader.read()) }
    members = try reader.read()
  }
}

extension [Property] {
  /// What a nested object became: the properties below a name.
  func members(of name: String) -> [Property] { filter { $0.name.hasPrefix(name + ".") } }
}
