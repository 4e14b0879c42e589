import API
import AttuneModel
import Codec
import Hummingbird
import Ingest
import Reach
import Runtime

/// What comes in by the item: events, and what became of messages.
struct IngestHandlers: Sendable {
  let driver: Driver
  let instruments: Instruments
  /// Bytes of a request's body.
  let bodyLimit: Int
  let now: @Sendable () -> Instant

  /// Answered when everything that was taken in is on the disk.
  func postEvents(_ call: Call) async throws -> Response {
    let format = try call.format()
    // Those that send faster than can be written cost nothing more than this.
    try driver.admit(.events)
    let body = try await call.bytes(upTo: bodyLimit)
    let events = EventDecoder().decode(body.readableBytesView, as: format, now: now())
    return try await take(
      events, "events", Input.event, counted: [.accepted, .duplicate, .late, .refused])
  }

  func postReceipts(_ call: Call) async throws -> Response {
    let format = try call.format()
    try driver.admit(.receipts)
    let body = try await call.bytes(upTo: bodyLimit)
    let receipts = ReceiptDecoder(others: .refused).decode(body.readableBytesView, as: format, now: now())
    return try await take(
      receipts, "receipts", Input.receipt, counted: [.accepted, .duplicate, .unknownMessage, .refused])
  }

  private func take<T>(
    _ decoded: [Result<T, Refusal>], _ what: String, _ input: (T) -> Input, counted: [ItemStatus]
  ) async throws -> Response {
    let inputs = decoded.compactMap { try? $0.get() }.map(input)
    let taken = TakenItems(decoded, try await driver.submit(inputs))
    for status in counted {
      let count = taken.count(status)
      if count > 0 { instruments.arrived("attune_" + what, status: status.rawValue, count) }
    }
    return try taken.response(what, counted: counted)
  }
}
