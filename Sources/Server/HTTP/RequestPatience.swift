import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends a request whose client has stopped in its middle, or sends its body too slowly: it holds memory, and would hold
/// up the stop of the server. Between requests a connection may stay open for longer.
final class RequestPatience: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  /// The reader of the body is told this; a little later the connection is closed.
  struct Exhausted: Error {}

  /// Without a byte of a request that has begun.
  static let silence = TimeAmount.seconds(8)
  /// A body may take longer than `body` as long as so many bytes of it come in a second.
  static let pace = 64 * 1024
  /// For the answer.
  private static let farewell = TimeAmount.seconds(1)

  /// For a whole body.
  private let body: TimeAmount
  private var isReading = false
  private var start = NIODeadline.now()
  private var count = 0
  private var lastRead = NIODeadline.now()
  private var look: Scheduled<Void>?

  init(body: TimeAmount) { self.body = body }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      isReading = true
      lastRead = .now()
      (start, count) = (lastRead, 0)
      // One look for many requests: to plan one for each would cost more than to read it.
      if look == nil { look(again: min(Self.silence, body), context) }
    case .body(let bytes):
      lastRead = .now()
      count += bytes.readableBytes
    case .end: isReading = false
    }
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    look?.cancel()
    look = nil
    context.fireChannelInactive()
  }

  private func look(again time: TimeAmount, _ context: ChannelHandlerContext) {
    look = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
      self.look = nil
      guard self.isReading else { return }
      let end = min(self.lastRead + Self.silence, self.start + self.body + .seconds(Int64(self.count / Self.pace)))
      let rest = end - .now()
      if rest <= .nanoseconds(0) { self.end(context) } else { self.look(again: rest, context) }
    }
  }

  private func end(_ context: ChannelHandlerContext) {
    context.fireErrorCaught(Exhausted())
    look = context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewell) { context.close(promise: nil) }
  }
}
