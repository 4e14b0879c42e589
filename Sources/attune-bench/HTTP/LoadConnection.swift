import NIOCore

/// One keep-alive connection with at most one request on its way.
final class LoadConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let driver: LoadDriver
  private var context: ChannelHandlerContext?
  private var reader = ResponseReader()
  private var request = LoadRequest.empty
  /// From when on its latency counts.
  private(set) var intended: UInt64 = 0

  init(_ driver: LoadDriver) { self.driver = driver }

  func prepare(_ request: LoadRequest) { self.request = request }

  func close() { context?.close(promise: nil) }

  func send(_ population: inout LoadPopulation, intended: UInt64) {
    self.intended = intended
    request.renew(&population)
    context?.writeAndFlush(wrapOutboundOut(request.bytes), promise: nil)
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    driver.connected(self)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    do {
      let response = try unwrapInboundIn(data).withUnsafeReadableBytes { piece throws(ResponseReader.Malformed) in
        try reader.read(piece)
      }
      if let response { driver.answered(self, response, of: request) }
    } catch { driver.fail("\(error)") }
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    driver.fail("the server closed a connection")
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { driver.fail("\(error)") }
}
