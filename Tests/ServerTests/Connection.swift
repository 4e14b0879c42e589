import NIOCore
import NIOPosix
import Synchronization

/// A connection on which a test says byte by byte what it likes, and no more.
struct Connection: Sendable {
  private let channel: any Channel
  private let heard = Heard()

  init(port: Int) async throws {
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { [heard] channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Ear(heard)) }
      }
      .connect(host: "127.0.0.1", port: port).get()
  }

  func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }
  func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

  /// What the other side has said, as soon as `condition` holds of it; after ten seconds whatever there is.
  func answer(_ condition: @Sendable (String) -> Bool = { $0.contains("\r\n\r\n") }) async throws -> String {
    let end = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < end, !condition(heard.text) { try await Task.sleep(for: .milliseconds(10)) }
    return heard.text
  }

  /// How long it takes until the other side closes it.
  func closed() async throws -> Duration {
    let start = ContinuousClock.now
    try await channel.closeFuture.get()
    return ContinuousClock.now - start
  }

  func close() async throws {
    do { try await channel.close() } catch ChannelError.alreadyClosed { return }
  }

  private final class Heard: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
    func append(_ more: ByteBuffer) { bytes.withLock { $0 += Array(more.readableBytesView) } }
  }

  private final class Ear: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    let heard: Heard
    init(_ heard: Heard) { self.heard = heard }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) { heard.append(unwrapInboundIn(data)) }
  }
}
