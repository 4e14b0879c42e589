public import AttuneModel
public import Reach
public import Storage

// What the engine says, in the journal's bytes. Each block begins with its format.
extension JournalBatch {
  init(sequence: Int64, batch: Batch, effects: Effects) {
    self.init(
      sequence: sequence, clock: batch.clock, inputs: batch.encoded(), decisions: Block([effects.record]).encoded(),
      traces: Block(effects.traces).encoded(), tally: Block([effects.tally]).encoded())
  }

  public func batch() throws(BinaryError) -> Batch { try Batch(decoding: inputs) }

  public func recorded() throws(BinaryError) -> BatchRecord {
    try Block<BatchRecord>(decoding: decisions).records.first ?? BatchRecord()
  }

  public func tallied() throws(BinaryError) -> Tally { try Block<Tally>(decoding: tally).records.first ?? Tally() }

  /// Every answer that was given: on the engine's candidates, then on reservations.
  public func traced() throws(BinaryError) -> [Trace] {
    try Block<Trace>(decoding: traces).records + answered().map { $1.trace(of: $0) }
  }

  /// Those on one user. Cheaper than to pick them out of all.
  public func traced(of user: String) throws(BinaryError) -> [Trace] {
    try Block<Trace>(decoding: traces).records.filter { $0.user == user }
      + answered().filter { $0.0.user == user }.map { $1.trace(of: $0) }
  }

  /// Whom `traced` is about, some of them several times.
  public func users() throws(BinaryError) -> [String] {
    let record = try recorded()
    return try record.decisions.map(\.user) + reservations(record).map(\.user)
  }

  private func answered() throws(BinaryError) -> [(Reservation, ReservationAnswer)] {
    let record = try recorded()
    return Array(zip(try reservations(record), record.answers))
  }

  /// Those that the record answers.
  private func reservations(_ record: BatchRecord) throws(BinaryError) -> [Reservation] {
    // Most batches of most stores have none, and inputs are what takes longest to read.
    if record.answers.isEmpty { return [] }
    let reservations = try batch().reservations
    guard reservations.count == record.answers.count else {
      throw BinaryError.invalid("\(reservations.count) answers to reservations, not \(record.answers.count)", at: 0)
    }
    return reservations
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
