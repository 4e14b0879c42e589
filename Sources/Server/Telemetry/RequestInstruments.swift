import Metrics
import Synchronization

/// Counts and times requests. Each instrument is made once: to find one by its labels takes as long as an empty answer.
final class RequestInstruments: Sendable {
  private struct Answer: Hashable {
    var method: String
    var route: String
    var status: Int
  }

  private let factory: PrometheusFactory
  private let known = Mutex<[Answer: (count: Counter, duration: Timer)]>([:])

  init(factory: PrometheusFactory) { self.factory = factory }

  func answered(method: String, route: String, status: Int, after duration: Duration) {
    let answer = Answer(method: method, route: route, status: status)
    let (count, timer) = known.withLock { known in
      if let found = known[answer] { return found }
      let made = make(answer)
      known[answer] = made
      return made
    }
    count.increment()
    timer.record(duration: duration)
  }

  private func make(_ answer: Answer) -> (count: Counter, duration: Timer) {
    let place = [("method", answer.method), ("route", answer.route)]
    return (
      Counter(label: "attune_http_requests", dimensions: place + [("status", "\(answer.status)")], factory: factory),
      Timer(label: "attune_http_request_duration", dimensions: place, factory: factory)
    )
  }
}
