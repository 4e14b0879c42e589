import CommandSupport
import Platform

/// The server's fatigue endpoint against its own empty handler, by turns, over the same connections.
struct HTTPBenchmark {
  enum Kind: String, CaseIterable, Codable {
    case empty, single, batches
  }

  let service: ServerProcess
  let generator: LoadGenerator
  let connections: Int
  let batch: Int
  let runs: Int
  /// Of each kind a run.
  let seconds: Double

  /// Enough that the server always has a batch to work on; more would only wait in its memory.
  private static let batchConnections = 16

  func measure(_ progress: (Kind) -> Void) throws -> HTTPFigures {
    var measured: [Kind: [Measurement]] = [:]
    for kind in Kind.allCases { _ = try measure(kind, seconds: min(1, seconds)) }
    for _ in 0..<runs {
      for kind in Kind.allCases {
        progress(kind)
        measured[kind, default: []].append(try measure(kind, seconds: seconds))
      }
    }
    let empty = Self.figures(measured[.empty] ?? [])
    let single = Self.figures(measured[.single] ?? [])
    let batches = Self.figures(measured[.batches] ?? [])
    return HTTPFigures(
      connections: connections, batch: batch, runs: runs, empty: empty, single: single, batches: batches,
      ratio: (single.perSecond / max(1, empty.perSecond)).rounded(to: 0.001),
      reservesPerSecond: (batches.perSecond * Double(batch)).rounded())
  }

  private struct Measurement {
    var counts: LoadCounts
    var seconds: Double
    /// Processor seconds.
    var server: Double?
    var generator: Double?

    var perSecond: Double { Double(counts.requests) / seconds }
  }

  private func measure(_ kind: Kind, seconds: Double) throws -> Measurement {
    let (request, connections): (LoadRequest, Int) =
      switch kind {
      case .empty: (.empty, connections)
      case .single: (.reserve(nil), connections)
      case .batches: (.reserve(batch), min(connections, Self.batchConnections))
      }
    let server = ProcessUsage.processorSeconds(of: service.pid)
    let ours = ProcessUsage.processorSeconds()
    let result: (counts: LoadCounts, seconds: Double)
    do {
      result = try generator.run(request, connections: connections, seconds: seconds)
    } catch let error as Failure { throw service.failure(error.message) }
    return Measurement(
      counts: result.counts, seconds: result.seconds,
      server: ProcessUsage.processorSeconds(of: service.pid).flatMap { now in server.map { now - $0 } },
      generator: ProcessUsage.processorSeconds().flatMap { now in ours.map { now - $0 } })
  }

  private static func figures(_ runs: [Measurement]) -> HTTPFigures.Kind {
    var all = LoadCounts()
    for run in runs { all.add(run.counts) }
    func microseconds(_ seconds: [Double?]) -> Double? {
      let known = seconds.compactMap { $0 }
      if known.isEmpty || all.requests == 0 { return nil }
      return (known.reduce(0, +) * 1e6 / Double(all.requests)).rounded(to: 0.1)
    }
    let verdicts = all.passed + all.refused
    return HTTPFigures.Kind(
      perSecond: runs.map(\.perSecond).median.rounded(), latency: Latency(all.latency),
      passing: verdicts == 0 ? nil : (Double(all.passed) / Double(verdicts)).rounded(to: 0.001),
      serverMicroseconds: microseconds(runs.map(\.server)), generatorMicroseconds: microseconds(runs.map(\.generator)))
  }
}
