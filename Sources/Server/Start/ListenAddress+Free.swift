import NIOCore
import NIOPosix

extension ListenAddress {
  /// Listens for a moment: an address that is taken, or is not this machine's, is found out before anything else is done.
  ///
  /// - Throws: what listening throws.
  func checkIsFree() throws {
    if port == 0 { return }
    let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: host, port: port).wait()
    try channel.close().wait()
  }
}
