import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client has stopped in the middle of a request: it holds memory, and would hold up the stop
/// of the server. Between requests a connection may stay open for longer.
final class RequestPatience: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  /// Without a byte of a request that has begun.
  static let limit = TimeAmount.seconds(8)

  private var isReading = false
  private var lastRead = NIODeadline.now()
  private var look: Scheduled<Void>?

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head, .body:
      isReading = true
      lastRead = .now()
      // One look for many requests: to plan one for each would cost more than to read it.
      if look == nil { look(again: Self.limit, context) }
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
      let silence = NIODeadline.now() - self.lastRead
      if silence >= Self.limit { context.close(promise: nil) } else { self.look(again: Self.limit - silence, context) }
    }
  }
}
