import CommandSupport
import Foundation
import Insight

/// With `--http` and `--hold`: the server, in a process of its own.
extension BenchFatigue {
  func runHTTP() throws {
    try withLoad { service, generator in
      let benchmark = HTTPBenchmark(
        service: service, generator: generator, connections: connections, batch: batch, runs: runs,
        seconds: seconds ?? 10)
      let figures = try benchmark.measure { Terminal.progress("measuring", nil, $0.rawValue) }
      Terminal.endProgress()
      if json { try Terminal.out(json: figures) } else { Terminal.out(HTTPReport(figures).text) }
    }
  }

  func runHold(_ perSecond: Int) throws {
    try withLoad { service, generator in
      let benchmark = HoldBenchmark(
        service: service, generator: generator, perSecond: perSecond, connections: connections,
        seconds: minutes * 60)
      if !json { Terminal.out(HoldReport.header) }
      let figures = try benchmark.measure { if !json { Terminal.out(HoldReport.line($0)) } }
      if json { try Terminal.out(json: figures) } else { Terminal.out(HoldReport(figures).summary) }
    }
  }

  private func withLoad(_ body: (ServerProcess, LoadGenerator) throws -> Void) throws {
    let service = try FatigueService.start()
    defer { service.stop() }
    let generator = try LoadGenerator(
      port: service.port, population: LoadPopulation(users: users, businesses: FatigueService.businesses, seed: seed))
    defer { generator.stop() }
    try body(service, generator)
  }
}
