import AttuneModel
import Foundation
import Runtime
import Storage

/// A folder that goes when the test does.
final class StoreFolder {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("attune-\(UUID().uuidString)").path
  private var store: SQLiteStore?

  deinit {
    store = nil
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Closes the store that it opened before.
  func reopen(_ options: SQLiteStore.Options = .init(synchronous: .off)) throws -> SQLiteStore {
    try store?.close()
    store = nil
    let opened = try SQLiteStore.open(path, options: options)
    store = opened
    return opened
  }
}

func at(_ seconds: Int64) -> Instant { Instant(milliseconds: seconds * 1000) }

func id(_ number: UInt64) -> CandidateID { CandidateID(partition: Int(number % 64), number: number) }

func message(
  _ number: UInt64, at seconds: Int64 = 0, expires: Int64? = nil, whenUnknown: Message.WhenUnknown = .atMostOnce,
  body: String = "Zwölf Boxkämpfer 想要 🎈"
) -> Message {
  Message(
    id: id(number), user: "u\(number % 5)", business: "b", channel: "log", title: "t", body: body,
    data: [Property("item.id", .string("i\(number)")), Property("n", .number(Double(number)))], material: "m",
    at: at(seconds), expires: expires.map(at), whenUnknown: whenUnknown)
}

func batch(_ sequence: Int64, size: Int = 10) -> JournalBatch {
  JournalBatch(
    sequence: sequence, clock: at(sequence),
    inputs: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 + Int(sequence)) },
    decisions: [1, 2], traces: [], tally: [3])
}

extension Journal {
  func all(after sequence: Int64 = 0) throws -> [JournalBatch] {
    var batches: [JournalBatch] = []
    try self.batches(after: sequence) { batches.append($0) }
    return batches
  }

  /// The next batch.
  func add(
    queue: [Message] = [], withdraw: [CandidateID] = [], settle: [Settlement] = [], size: Int = 10
  ) throws {
    try append(batch(lastSequence + 1, size: size), queue: queue, withdraw: withdraw, settle: settle)
  }
}

extension [Claim] {
  var numbers: [UInt64] { map(\.message.id.number) }
}

func code(_ body: () throws -> Void) -> StoreError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? StoreError)?.code
  }
}
