public import AttuneModel
public import Store

/// Small made-up things to put into a store.
public enum StoreSamples {
  public static func at(_ seconds: Int64) -> Instant { Instant(milliseconds: seconds * 1000) }

  public static func id(_ number: UInt64) -> CandidateID {
    CandidateID(partition: Int(number % UInt64(Partition.count)), number: number)
  }

  public static func message(
    _ number: UInt64, at seconds: Int64 = 0, expires: Int64? = nil, body: String = "Zwölf Boxkämpfer 想要 🎈",
    channel: String = "log", class: Message.Class = .marketing, priority: Int = 0
  ) -> Message {
    Message(
      id: id(number), user: "u\(number % 5)", business: "b", channel: channel, title: "t", body: body,
      data: [Property("item.id", .string("i\(number)")), Property("n", .number(Double(number)))], material: "m",
      at: at(seconds), expires: expires.map(at), class: `class`, priority: priority)
  }

  /// - Parameter size: bytes of its inputs.
  public static func batch(_ sequence: Int64, size: Int = 10) -> JournalBatch {
    JournalBatch(
      sequence: sequence, clock: at(sequence),
      inputs: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 + Int(sequence)) }, decisions: [1, 2])
  }

  public static func history(_ sequence: Int64) -> HistoryBatch {
    HistoryBatch(sequence: sequence, traces: [UInt8](repeating: 4, count: Int(sequence % 5)), tally: [3])
  }
}

extension Journal {
  public func all(after sequence: Int64 = 0) throws -> [JournalBatch] {
    var batches: [JournalBatch] = []
    try self.batches(after: sequence) { batches.append($0) }
    return batches
  }

  /// Appends the next batch.
  public func add(
    queue: [Message] = [], withdraw: [CandidateID] = [], settle: [Settlement] = [], size: Int = 10
  ) throws(StoreError) {
    let sequence = lastSequence + 1
    try append(
      Commit(
        StoreSamples.batch(sequence, size: size), history: StoreSamples.history(sequence), queue: queue,
        withdraw: withdraw, settle: settle))
  }
}

extension History {
  public func all(after sequence: Int64 = 0) throws -> [HistoryBatch] {
    var batches: [HistoryBatch] = []
    try self.batches(after: sequence) { batches.append($0) }
    return batches
  }
}

extension Outbox {
  /// Of the channel and class that samples have, unless they are told otherwise.
  public func claim(limit: Int, now: Instant) throws(StoreError) -> [Claim] {
    try claim(channel: "log", class: .marketing, limit: limit, now: now)
  }
}

extension [Claim] {
  public var numbers: [UInt64] { map(\.message.id.number) }
}

/// The code of the error that `body` throws, if it throws one of a store.
public func storeErrorCode(_ body: () throws -> Void) -> StoreError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? StoreError)?.code
  }
}
