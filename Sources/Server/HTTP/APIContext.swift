import Hummingbird
import Logging
import NIOCore

/// What goes with a request through middleware and routes.
struct APIContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The same in the log, in `X-Request-ID` and in a problem's `request`.
  let id: String
  /// The connection it came by.
  let channel: any Channel

  init(source: Source) {
    channel = source.channel
    coreContext = .init(source: source)
    // Not every handler of a logger keeps metadata.
    id = source.logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? String(UInt64.random(in: 0...(.max)), radix: 16)
  }
}
