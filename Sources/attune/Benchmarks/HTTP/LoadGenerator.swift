import NIOCore
import NIOPosix

/// Loads an HTTP server over keep-alive connections, from one thread and with as little work a request as can be: what
/// it takes of the machine the server does not get.
final class LoadGenerator {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let driver: NIOLoopBound<LoadDriver>
  private let loop: any EventLoop
  let connections: Int

  /// - Throws: when nobody listens on that port of this machine.
  init(port: Int, connections: Int, population: LoadPopulation) throws {
    self.connections = connections
    let loop = group.next()
    let driver = try loop.submit { NIOLoopBound(LoadDriver(loop, population), eventLoop: loop) }.wait()
    self.loop = loop
    self.driver = driver
    let bootstrap = ClientBootstrap(group: group)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      // An answer comes whole nearly always: a second look would only find nothing.
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(LoadConnection(driver.value))
        }
      }
    for _ in 0..<connections { _ = try bootstrap.connect(host: "127.0.0.1", port: port).wait() }
  }

  func stop() { try? group.syncShutdownGracefully() }

  /// One request after the other on each connection.
  func run(_ request: LoadRequest, connections: Int, seconds: Double) throws -> LoadCounts {
    try start(request, connections: connections, .closed, seconds: seconds).wait()
    return try take()
  }

  /// So many requests a second, on whichever connection is free.
  func hold(_ request: LoadRequest, perSecond: Int, seconds: Double) -> EventLoopFuture<Void> {
    start(request, connections: connections, .open(interval: 1e9 / Double(perSecond)), seconds: seconds)
  }

  /// What was counted since the last time.
  func take() throws -> LoadCounts { try loop.submit { [driver] in driver.value.take() }.wait() }

  private func start(
    _ request: LoadRequest, connections: Int, _ pace: LoadDriver.Pace, seconds: Double
  ) -> EventLoopFuture<Void> {
    loop.flatSubmit { [driver] in driver.value.start(request, on: connections, pace, seconds: seconds) }
  }
}
