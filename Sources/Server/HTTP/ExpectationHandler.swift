import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers `Expect: 100-continue` when somebody wants the body; one who is refused before need not send it.
final class ExpectationHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// What a handler of a request sends down the channel.
  struct BodyIsWanted: Sendable {}

  /// Whether its client still waits, of each request that has no answer yet.
  private var waits: [Bool] = []
  /// Nobody knows whether a body that was not asked for comes after all: the next request would be read as it.
  private var isLast = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): waits.append(head.headerFields[.expect] != nil)
    // It did not wait.
    case .body: if !waits.isEmpty { waits[waits.count - 1] = false }
    case .end: break
    }
    context.fireChannelRead(data)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    guard event is BodyIsWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
    promise?.succeed()
    guard waits.first == true else { return }
    waits[0] = false
    context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      isLast = waits.first ?? false
      guard isLast else { break }
      head.headerFields[.connection] = "close"
      return context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: break
    case .end:
      if !waits.isEmpty { waits.removeFirst() }
      guard isLast else { break }
      context.writeAndFlush(data, promise: promise)
      return context.close(promise: nil)
    }
    context.write(data, promise: promise)
  }
}
