import Foundation

/// `attune serve --only fatigue`, to be measured.
enum FatigueService {
  static let businesses = 30

  static func start() throws -> ServerProcess {
    try ServerProcess(files: ["policies.yaml": policies]) { folder in
      ["--only", "fatigue", "--config", folder + "/policies.yaml"]
    }
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
