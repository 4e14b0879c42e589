import CommandSupport
import NIOCore
import NIOPosix

/// Loads an HTTP server over keep-alive connections, from one thread and with as little work a request as can be: what
/// it takes of the machine the server does not get.
final class LoadGenerator {
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let driver: NIOLoopBound<LoadDriver>
  private let loop: any EventLoop
  private let bootstrap: ClientBootstrap
  private let port: Int

  /// - Parameter port: of this machine.
  init(port: Int, population: LoadPopulation) throws {
    self.port = port
    let loop = group.next()
    let driver = try loop.submit { NIOLoopBound(LoadDriver(loop, population), eventLoop: loop) }.wait()
    self.loop = loop
    self.driver = driver
    bootstrap = ClientBootstrap(group: group)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      // An answer comes whole nearly always: a second look would only find nothing.
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(LoadConnection(driver.value))
        }
      }
  }

  func stop() { try? group.syncShutdownGracefully() }

  /// One request after the other on each of so many connections.
  ///
  /// - Returns: what came back, and the seconds it took, connecting not included.
  func run(_ request: LoadRequest, connections: Int, seconds: Double) throws -> (counts: LoadCounts, seconds: Double) {
    try connect(connections)
    defer { disconnect() }
    let started = MonotonicTime.now
    try start(request, .closed, seconds: seconds).wait()
    return (try take(), MonotonicTime.seconds(since: started))
  }

  /// A single request.
  func run(_ request: LoadRequest) throws -> LoadCounts { try run(request, connections: 1, seconds: 1e-9).counts }

  /// So many requests a second, on whichever connection is free.
  ///
  /// - Returns: done when the time is over.
  func hold(
    _ request: LoadRequest, perSecond: Int, connections: Int, seconds: Double
  ) throws -> EventLoopFuture<Void> {
    // Each is used every few seconds at least, or the server would take it for dead.
    try connect(min(connections, perSecond * 4))
    return start(request, .open(interval: 1e9 / Double(perSecond)), seconds: seconds)
  }

  /// What was counted since the last time.
  func take() throws -> LoadCounts { try loop.submit { [driver] in try driver.value.take() }.wait() }

  private func connect(_ connections: Int) throws {
    do {
      for _ in 0..<connections { _ = try bootstrap.connect(host: "127.0.0.1", port: port).wait() }
    } catch { throw Failure.unavailable("no connection to port \(port): \(error)") }
  }

  private func disconnect() { loop.execute { [driver] in driver.value.disconnect() } }

  private func start(_ request: LoadRequest, _ pace: LoadDriver.Pace, seconds: Double) -> EventLoopFuture<Void> {
    loop.flatSubmit { [driver] in driver.value.start(request, pace, seconds: seconds) }
  }
}
