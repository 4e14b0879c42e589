import AttuneModel
import CommandSupport
import Foundation

/// `attune serve --only fatigue` in a process of its own, on a free port of this machine, with a store that goes with it.
struct FatigueService {
  private let process: ChildProcess
  let port: Int
  let pid: Int32

  static let businesses = 30

  init() throws {
    let attune = URL(fileURLWithPath: ChildProcess.executable).deletingLastPathComponent().path + "/attune"
    guard FileManager.default.isExecutableFile(atPath: attune) else {
      throw Failure.unavailable("there is no \(attune) to measure (hint: swift build -c release --product attune)")
    }
    let process = try ChildProcess(files: ["policies.yaml": Self.policies]) { folder in
      [
        attune, "serve", "--only", "fatigue", "--config", folder + "/policies.yaml", "--store",
        folder + "/store", "--address", "127.0.0.1:0", "--log-level", "warning",
      ]
    }
    self.process = process
    port = try process.wait(for: "it did not start") { Self.port(in: process.errors) }
    pid = try process.wait(for: "it did not start") { process.pid }
  }

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

  /// As in the benchmark without a server, with names of one length.
  private static let policies: String = {
    let scenes = (0..<5).map { "  scene-\($0): { times: 2, window: 1d }" }
    let limits = (0..<businesses).map { index in
      let name = String(format: "b%02d", index)
      return "  \(name): { scene: scene-\(index % 5), days: 7, times: 3, minGap: 4h, priority: \(index % 10) }"
    }
    return """
      zone: Asia/Shanghai
      user: { perDay: 5 }
      scenes:
      \(scenes.joined(separator: "\n"))
      businesses:
      \(limits.joined(separator: "\n"))

      """
  }()
}
