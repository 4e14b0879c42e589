import Foundation

/// A program of ours as a process of its own. What it says goes to files, so that nobody has to read along.
public final class Program: Sendable {
  /// What a finished process leaves.
  public struct Outcome: Sendable {
    /// Nil if a signal ended it.
    public var code: Int32?
    public var output: String
    public var errors: String

    public func decoded<T: Decodable>(as type: T.Type = T.self) throws -> T {
      try JSONDecoder().decode(T.self, from: Data(output.utf8))
    }
  }

  /// It did not end, or did not start, in time.
  public struct Overdue: Error, CustomStringConvertible {
    public var description: String

    public init(description: String) { self.description = description }
  }

  private let process = Process()
  private let said: TemporaryFolder
  private let arguments: [String]

  /// - Parameters:
  ///   - name: of a product; it is built beside the tests.
  ///   - place: of the program's file, where that is somewhere else.
  ///   - environment: in addition to ours, without the API key of a server that may run here.
  public init(
    _ arguments: [String], of name: String = "attune", at place: String? = nil, environment: [String: String] = [:]
  ) throws {
    self.arguments = [name] + arguments
    said = try TemporaryFolder(["output": "", "errors": ""])
    process.executableURL = place.map { URL(fileURLWithPath: $0) } ?? Repository.products.appendingPathComponent(name)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "ATTUNE_API_KEY" }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: said.path("output"))
    process.standardError = FileHandle(forWritingAtPath: said.path("errors"))
    try process.run()
  }

  deinit { kill() }

  /// Runs `attune` to its end.
  public static func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
    try await Program(arguments, environment: environment).ended()
  }

  public var isRunning: Bool { process.isRunning }
  public var pid: Int32 { process.processIdentifier }
  /// What it has said on standard error so far.
  public var errors: String { said.text("errors") }

  public func signal(_ number: Int32) {
    if process.isRunning { _ = Foundation.kill(process.processIdentifier, number) }
  }

  /// As if the power went: `kill -9`.
  public func kill() { signal(SIGKILL) }

  public func ended(within limit: Duration = .seconds(60)) async throws -> Outcome {
    let end = ContinuousClock.now + limit
    while process.isRunning {
      guard ContinuousClock.now < end else {
        kill()
        throw Overdue(description: "\(arguments.joined(separator: " ")) did not end in \(limit): \(errors)")
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    let code = process.terminationReason == .exit ? process.terminationStatus : nil
    return Outcome(code: code, output: said.text("output"), errors: errors)
  }
}

/// Asks until it is so or the time is over; whether it is so.
public func eventually(
  within limit: Duration = .seconds(10), _ condition: () async throws -> Bool
) async throws -> Bool {
  let end = ContinuousClock.now + limit
  while try await !condition() {
    if ContinuousClock.now > end { return false }
    try await Task.sleep(for: .milliseconds(50))
  }
  return true
}
