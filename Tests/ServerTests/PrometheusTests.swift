import Metrics
import Testing

@testable import Server

@Suite struct PrometheusTests {
  @Test func writesEveryKind() {
    let factory = PrometheusFactory(families: [
      "runs": .init(help: "Lines\nand \\"), "wait": .init(help: "Waited.", buckets: [0.1, 1]),
      "size": .init(help: "Sizes.", buckets: [10, 100]),
    ])
    Counter(label: "runs", dimensions: [("why", "a \"b\"\\\n"), ("by", "x")], factory: factory).increment(by: 2)
    Counter(label: "runs", dimensions: [("by", "x"), ("why", "a \"b\"\\\n")], factory: factory).increment()
    Meter(label: "a.depth-now", factory: factory).set(2.5)
    let timer = Timer(label: "wait", factory: factory)
    timer.recordMilliseconds(100)
    timer.recordMilliseconds(200)
    timer.recordSeconds(5)
    Recorder(label: "size", factory: factory).record(10)
    Gauge(label: "9lives", factory: factory).record(9)
    #expect(
      factory.text() == #"""
        # HELP _9lives 9lives
        # TYPE _9lives gauge
        _9lives 9
        # HELP a_depth_now a.depth-now
        # TYPE a_depth_now gauge
        a_depth_now 2.5
        # HELP runs_total Lines\nand \\
        # TYPE runs_total counter
        runs_total{by="x",why="a \"b\"\\\n"} 3
        # HELP size Sizes.
        # TYPE size histogram
        size_bucket{le="10"} 1
        size_bucket{le="100"} 1
        size_bucket{le="+Inf"} 1
        size_sum 10
        size_count 1
        # HELP wait_seconds Waited.
        # TYPE wait_seconds histogram
        wait_seconds_bucket{le="0.1"} 1
        wait_seconds_bucket{le="1"} 2
        wait_seconds_bucket{le="+Inf"} 3
        wait_seconds_sum 5.3
        wait_seconds_count 3

        """#)
  }

  @Test func oneNameIsOfOneKind() {
    let factory = PrometheusFactory()
    Meter(label: "x_total", factory: factory).set(1)
    Counter(label: "x", factory: factory).increment()
    #expect(factory.text() == "# HELP x_total x_total\n# TYPE x_total gauge\nx_total 1\n")
  }

  @Test func countersOnlyGrow() {
    let factory = PrometheusFactory()
    let counter = FloatingPointCounter(label: "x_total", factory: factory)
    counter.increment(by: 1.5)
    counter.increment(by: -1)
    counter.increment(by: Double.nan)
    #expect(factory.text().hasSuffix("\nx_total 1.5\n"))
    counter.destroy()
    #expect(factory.text().isEmpty)
  }

  @Test func numbersPrometheusReads() {
    #expect(
      [.nan, .infinity, -.infinity, 1e15, 0.0005, -3].map(PrometheusText.number) == [
        "NaN", "+Inf", "-Inf", "1000000000000000.0", "0.0005", "-3",
      ])
  }
}
