import CommandSupport
import Foundation

/// `attune serve` in a process of its own, on a free port of this machine, with a store that goes with it.
struct ServerProcess {
  private let process: ChildProcess
  let port: Int
  let pid: Int32

  /// - Parameters:
  ///   - files: what stands in its folder, by name.
  ///   - options: of `serve`, besides its store and address; may name things in the folder.
  init(files: [String: String], _ options: (_ folder: String) -> [String]) throws {
    let attune = URL(fileURLWithPath: ChildProcess.executable).deletingLastPathComponent().path + "/attune"
    guard FileManager.default.isExecutableFile(atPath: attune) else {
      throw Failure.unavailable("there is no \(attune) to measure (hint: swift build -c release --product attune)")
    }
    let process = try ChildProcess(files: files) { folder in
      [attune, "serve"] + options(folder) + [
        "--store", folder + "/store", "--address", "127.0.0.1:0", "--log-level", "warning",
      ]
    }
    self.process = process
    port = try process.wait(for: "it did not start") { Self.port(in: process.errors) }
    pid = try process.wait(for: "it did not start") { process.pid }
  }

  /// Of a file in its folder.
  func path(_ name: String) -> String { process.folder + "/" + name }

  func stop() { process.stop() }

  func failure(_ what: String) -> Failure { process.failure(what) }

  /// What the store takes on disk.
  var storeBytes: Int {
    let folder = URL(fileURLWithPath: process.folder + "/store")
    let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    return (files ?? []).reduce(0) { $0 + ((try? $1.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0) }
  }

  private static func port(in errors: String) -> Int? {
    guard let start = errors.range(of: "attune listens on http://127.0.0.1:") else { return nil }
    let digits = errors[start.upperBound...].prefix { $0.isNumber }
    return errors[start.upperBound...].dropFirst(digits.count).isEmpty ? nil : Int(digits)
  }
}
