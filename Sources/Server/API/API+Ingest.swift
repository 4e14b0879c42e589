import AttuneModel
import Codec
import Hummingbird
import Ingest
import Reach
import Runtime

extension API {
  /// `POST /v1/events`. Answered when everything that was taken in is on the disk.
  @Sendable func takeEvents(_ request: Request, _ context: Context) async throws -> Response {
    let format = try request.format()
    let body = try await request.bytes(upTo: settings.bodyLimit)
    let events = EventDecoder().decode(body.readableBytesView, as: format, now: now())
    return try await take(
      events, "events", Input.event, counted: [.accepted, .duplicate, .late, .refused])
  }

  /// `POST /v1/receipts`
  @Sendable func takeReceipts(_ request: Request, _ context: Context) async throws -> Response {
    let format = try request.format()
    let body = try await request.bytes(upTo: settings.bodyLimit)
    let receipts = ReceiptDecoder().decode(body.readableBytesView, as: format, now: now())
    return try await take(
      receipts, "receipts", Input.receipt, counted: [.accepted, .duplicate, .unknownMessage, .refused])
  }

  private func take<T>(
    _ decoded: [Result<T, Refusal>], _ what: String, _ input: (T) -> Input, counted: [ItemStatus]
  ) async throws -> Response {
    let inputs = decoded.compactMap { try? $0.get() }.map(input)
    let intake = Intake(decoded, try await driver.submit(inputs))
    for status in counted {
      let count = intake.count(status)
      if count > 0 { instruments.arrived("attune_" + what, status, count) }
    }
    return try intake.response(what, counted: counted)
  }
}
