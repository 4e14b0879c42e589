public import Model
public import Reach
public import Storage

// What the engine says, in the journal's bytes. Each block begins with its format.
extension JournalBatch {
  init(sequence: Int64, batch: Batch, effects: Effects) {
    self.init(
      sequence: sequence, clock: batch.clock, inputs: batch.encoded(), decisions: Block(effects.decisions).encoded(),
      traces: Block(effects.traces).encoded(), tally: Block([effects.tally]).encoded())
  }

  public func batch() throws(BinaryError) -> Batch { try Batch(decoding: inputs) }
  public func decided() throws(BinaryError) -> [Decision] { try Block(decoding: decisions).records }
  public func traced() throws(BinaryError) -> [Trace] { try Block(decoding: traces).records }
  public func tallied() throws(BinaryError) -> Tally { try Block<Tally>(decoding: tally).records.first ?? Tally() }
}

private struct Block<Record: BinaryCodable>: BinaryCodable {
  static var format: UInt8 { 1 }

  var records: [Record]

  init(_ records: [Record]) { self.records = records }

  func encode(into writer: inout ByteWriter) {
    writer.write(Self.format)
    writer.write(records)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    let format: UInt8 = try reader.read()
    guard format == Self.format else {
      throw BinaryError.invalid("record format \(Self.format), not \(format),", at: 0)
    }
    records = try reader.read()
  }
}
