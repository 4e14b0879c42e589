import AttuneModel
public import Reach
public import Store

// What the engine says, in the store's bytes. Each block begins with its format.
extension Commit {
  /// - Parameter queuing: whether the outbox takes part.
  init(sequence: Int64, _ batch: Batch, _ effects: Effects, queuing: Bool) {
    self.init(
      JournalBatch(
        sequence: sequence, clock: batch.clock, inputs: batch.encoded(), decisions: Block([effects.record]).encoded()),
      history: HistoryBatch(
        sequence: sequence, traces: Block(effects.traces).encoded(), tally: Block([effects.tally]).encoded()),
      queue: queuing ? effects.messages : [], withdraw: queuing ? effects.withdrawn : [],
      settle: queuing ? effects.settled : [])
  }
}

extension JournalBatch {
  /// The inputs as the engine took them.
  public func batch() throws(StoreError) -> Batch {
    do { return try Batch(decoding: inputs) } catch { throw StoreError(error, in: "the inputs of batch \(sequence)") }
  }

  /// The decisions as the engine made them.
  public func recorded() throws(StoreError) -> BatchRecord {
    do { return try Block<BatchRecord>(decoding: decisions).records.first ?? BatchRecord() } catch {
      throw StoreError(error, in: "the decisions of batch \(sequence)")
    }
  }
}

extension HistoryBatch {
  func tallied() throws(StoreError) -> Tally {
    do { return try Block<Tally>(decoding: tally).records.first ?? Tally() } catch {
      throw StoreError(error, in: "the counts of batch \(sequence)")
    }
  }

  /// Of the engine's candidates.
  func traced() throws(StoreError) -> [Trace] {
    do { return try Block<Trace>(decoding: traces).records } catch {
      throw StoreError(error, in: "the traces of batch \(sequence)")
    }
  }
}

extension StoreError {
  /// - Parameter part: what the bytes are, with the batch's number.
  init(_ error: BinaryError, in part: String) {
    self =
      error.isOtherVersion
      ? StoreError(.otherVersion, "\(part) are another version's: \(error)")
      : StoreError(.damaged, "\(part) are damaged: \(error)")
  }
}

private struct Block<Record: BinaryCodable>: BinaryCodable {
  var records: [Record]

  init(_ records: [Record]) { self.records = records }

  func encode(into writer: inout ByteWriter) {
    writer.writeFormat()
    writer.write(records)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    try reader.readFormat(of: .records)
    records = try reader.read()
  }
}
