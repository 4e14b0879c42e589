import CommandSupport
import Foundation

/// One connection to a Redis server on a unix socket. It blocks; commands can be sent ahead of their answers.
final class RedisConnection {
  private let descriptor: Int32
  private var reader = RESPReader()
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)

  /// - Throws: `Failure` when nobody listens there.
  init(path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failure.unavailable("'\(path)' is too long for a socket (hint: set TMPDIR to a shorter folder)")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    #if os(Linux)
      descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      throw Failure.unavailable("Redis does not answer on \(path)")
    }
  }

  deinit { close(descriptor) }

  /// Sends a command and waits for its answer.
  ///
  /// - Throws: `Failure` when the answer is an error or the connection is lost.
  @discardableResult
  func send(_ arguments: String...) throws -> RESPValue {
    var command = RedisCommands()
    command.append(arguments)
    try write(command)
    return try read()
  }

  /// Sends commands without waiting for their answers; `read` gives these in the same order.
  func write(_ commands: RedisCommands) throws {
    try commands.bytes.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw Failure.unavailable("the connection to Redis is lost") }
        sent += count
      }
    }
  }

  func read() throws -> RESPValue {
    while true {
      do {
        if let value = try reader.next() {
          if case .error(let message) = value { throw Failure.unavailable("Redis: \(message)") }
          return value
        }
      } catch is RESPReader.Malformed {
        throw Failure.unavailable("Redis wrote what cannot be read")
      }
      let count = Foundation.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure.unavailable("the connection to Redis is lost") }
      chunk.withUnsafeBytes { reader.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
  }
}

/// Commands as they go over the wire.
struct RedisCommands {
  private(set) var bytes: [UInt8] = []

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func append(_ arguments: [String]) {
    append(UInt8(ascii: "*"), arguments.count)
    for argument in arguments {
      append(UInt8(ascii: "$"), argument.utf8.count)
      bytes.append(contentsOf: argument.utf8)
      bytes.append(contentsOf: [13, 10])
    }
  }

  private mutating func append(_ kind: UInt8, _ number: Int) {
    bytes.append(kind)
    bytes.append(contentsOf: String(number).utf8)
    bytes.append(contentsOf: [13, 10])
  }
}
