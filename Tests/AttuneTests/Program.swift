import Foundation

/// `attune` as a process of its own. What it says goes to files, so that nobody has to read along.
final class Program: Sendable {
  /// What a finished process leaves.
  struct Outcome: Sendable {
    /// Nil if a signal ended it.
    var code: Int32?
    var output: String
    var errors: String

    func decoded<T: Decodable>(as type: T.Type = T.self) throws -> T {
      try JSONDecoder().decode(T.self, from: Data(output.utf8))
    }
  }

  struct Overdue: Error, CustomStringConvertible {
    var description: String
  }

  private let process = Process()
  private let said: Folder
  private let arguments: [String]

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    self.arguments = arguments
    said = try Folder(["output": "", "errors": ""])
    process.executableURL = Self.executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "ATTUNE_API_KEY" }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: said.path("output"))
    process.standardError = FileHandle(forWritingAtPath: said.path("errors"))
    try process.run()
  }

  deinit { kill() }

  /// Runs it to its end.
  static func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
    try await Program(arguments, environment: environment).ended()
  }

  var isRunning: Bool { process.isRunning }
  var pid: Int32 { process.processIdentifier }
  /// What it has said on standard error so far.
  var errors: String { said.text("errors") }

  func signal(_ number: Int32) {
    if process.isRunning { _ = Foundation.kill(process.processIdentifier, number) }
  }

  /// As if the power went: `kill -9`.
  func kill() { signal(SIGKILL) }

  func ended(within limit: Duration = .seconds(60)) async throws -> Outcome {
    let end = ContinuousClock.now + limit
    while process.isRunning {
      guard ContinuousClock.now < end else {
        kill()
        throw Overdue(description: "attune \(arguments.joined(separator: " ")) did not end in \(limit): \(errors)")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    let code = process.terminationReason == .exit ? process.terminationStatus : nil
    return Outcome(code: code, output: said.text("output"), errors: errors)
  }

  /// It is built beside the tests.
  private static var executable: URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let products = bundle.map { $0.bundleURL.deletingLastPathComponent() } ?? Bundle.main.bundleURL
    return products.appendingPathComponent("attune")
  }

  /// The examples that come with it.
  static func example(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("examples/\(name)").path
  }
}
