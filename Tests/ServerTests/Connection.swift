import NIOCore
import NIOPosix

/// A connection on which a test says byte by byte what it likes, and no more.
struct Connection: Sendable {
  private let channel: any Channel

  init(port: Int) async throws {
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port).get()
  }

  func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

  /// How long it takes until the other side closes it.
  func closed() async throws -> Duration {
    let start = ContinuousClock.now
    try await channel.closeFuture.get()
    return ContinuousClock.now - start
  }

  func close() async throws { try await channel.close() }
}
