import AttuneModel
import Codec
import HTTPTypes
import Hummingbird
import Insight
import Metrics
import Reach
import Runtime

extension API {
  /// `GET /livez`: the process answers.
  @Sendable func isAlive(_ request: Request, _ context: Context) async throws -> Response {
    .json(.ok) { $0.member("status", "alive") }
  }

  /// `GET /readyz`: the store can be written, the driver answers, messages leave.
  @Sendable func isReady(_ request: Request, _ context: Context) async throws -> Response {
    let report = await health.report()
    let members: @Sendable (inout JSONWriter) -> Void = { [driver] json in
      json.member("reasons") { json in json.array(report.reasons) { $0.write($1) } }
      json.member("waitingInputs", driver.depth)
      json.member("queuedMessages", report.outbox.queued)
      json.member("oldestQueuedSeconds", .number(report.age.seconds))
    }
    guard report.reasons.isEmpty else {
      throw Problem(.serviceUnavailable, "not-ready", report.reasons.joined(separator: "; ")).with(members)
    }
    return .json(.ok) { json in
      json.member("status", "ready")
      members(&json)
    }
  }

  /// `GET /metrics`, for Prometheus.
  @Sendable func metrics(_ request: Request, _ context: Context) async throws -> Response {
    let report = await health.report()
    instruments.waiting.set(driver.depth)
    instruments.queued.set(report.outbox.queued)
    instruments.claimed.set(report.outbox.claimed)
    instruments.oldestQueued.set(report.age.seconds)
    let (buffered, deferred) = await driver.read { ($0.buffered, $0.pending) }
    instruments.buffered.set(buffered)
    instruments.deferred.set(deferred)
    return Response(
      status: .ok, headers: [.contentType: PrometheusText.mediaType],
      body: ResponseBody(byteBuffer: ByteBuffer(string: instruments.factory.text())))
  }
}

extension TimeSpan {
  fileprivate var seconds: Double { Double(milliseconds) / 1000 }
}
