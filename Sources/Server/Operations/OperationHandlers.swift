import API
import AttuneModel
import HTTPTypes
import Hummingbird
import Metrics
import Platform
import Reach
import Runtime
import Store

/// How the server does, and what it answers to.
struct OperationHandlers: Sendable {
  let driver: Driver
  let clock: ServerClock
  let health: Health
  let store: OpenedStore
  let instruments: Instruments
  /// The OpenAPI document, as it is served.
  let description: [UInt8]

  /// The process answers.
  func getLiveness(_ call: Call) async throws -> Response { try .json(.ok, AliveAnswer()) }

  /// The store can be written, the driver answers, messages leave.
  func getReadiness(_ call: Call) async throws -> Response {
    let report = await health.report()
    let grounds = ReadyAnswer.Grounds(
      reasons: report.reasons, waitingInputs: driver.depth, queuedMessages: report.outbox.queued,
      oldestQueuedSeconds: report.age.seconds)
    if report.reasons.isEmpty { return try .json(.ok, ReadyAnswer(grounds)) }
    throw try Problem(.serviceUnavailable, "not-ready", report.reasons.joined(separator: "; ")).with(grounds)
  }

  /// For Prometheus.
  func getMetrics(_ call: Call) async throws -> Response {
    let report = await health.report()
    instruments.waiting.set(driver.depth)
    instruments.queued.set(report.outbox.queued)
    instruments.claimed.set(report.outbox.claimed)
    instruments.oldestQueued.set(report.age.seconds)
    let (buffered, deferred) = await driver.read { ($0.buffered, $0.pending) }
    instruments.buffered.set(buffered)
    instruments.deferred.set(deferred)
    await blocking { [instruments, store] in instruments.look(at: store.folder) }
    return Response(
      status: .ok, headers: [.contentType: PrometheusText.mediaType],
      body: ResponseBody(byteBuffer: ByteBuffer(string: instruments.factory.text())))
  }

  /// The machine's clock is right, whatever was believed before.
  func resetClock(_ call: Call) async throws -> Response {
    let before = await driver.read { $0.clock }
    // Channels hold messages of that time: they are this store's, not a newer one's.
    try store.notes.setNote(OpenedStore.knownThrough, to: "\((before + .minutes(1)).milliseconds)")
    clock.believe()
    let now = clock.now()
    _ = try await driver.submit([.clock(now)])
    health.committed(at: now)
    return try .json(.ok, ClockAnswer(clock: now, before: before))
  }

  func getOpenAPI(_ call: Call) async throws -> Response { .json(.ok, bytes: description) }
}

extension TimeSpan {
  fileprivate var seconds: Double { Double(milliseconds) / 1000 }
}
