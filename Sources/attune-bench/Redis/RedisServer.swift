import Foundation
import Platform

/// A Redis of our own on a unix socket in a temporary folder: no network, nothing kept.
struct RedisServer {
  private let process: ChildProcess
  let connection: RedisConnection

  /// Where the program is, if it is in the search path.
  static var program: String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map { "\($0)/redis-server" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  init(program: String) throws {
    let process = try ChildProcess { folder in
      [
        program, "--port", "0", "--unixsocket", folder + "/socket", "--save", "", "--appendonly", "no", "--dir", folder,
        "--logfile", folder + "/log",
      ]
    }
    connection = try process.wait(for: "it did not start") { try? RedisConnection(path: process.folder + "/socket") }
    self.process = process
  }

  func stop() { process.stop() }

  func version() throws -> String { try info("server", "redis_version") ?? "" }

  func processorSeconds() -> Double? { process.pid.flatMap { ProcessUsage.processorSeconds(of: $0) } }

  func usedMemory() throws -> Int { try info("memory", "used_memory").flatMap { Int($0) } ?? 0 }

  /// One line of what it tells of itself.
  private func info(_ section: String, _ name: String) throws -> String? {
    let text = try connection.send("INFO", section).text ?? ""
    return text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name + ":") }
      .map { String($0.dropFirst(name.count + 1)) }
  }
}
