import CommandSupport
import Foundation

/// A child process with a temporary folder. Both are gone when it is stopped, and at the latest with us, however we
/// end: a shell between us waits on a pipe that breaks then.
final class ChildProcess {
  let folder: String
  private let name: String
  private let shell = Process()
  private let lifeline = Pipe()
  private let output = Pipe()

  /// It is killed, as whoever starts it from a thread that blocks signals has them blocked in it too.
  private static let script = """
    trap '' INT HUP
    folder=$1; shift
    "$@" </dev/null 2>"$folder/errors" & child=$!
    echo $child >"$folder/starting" && mv "$folder/starting" "$folder/pid"
    exec >&-
    read -r _
    kill -9 $child; wait $child
    rm -rf "$folder"
    """

  /// - Parameters:
  ///   - files: what stands in the folder when it starts, by name.
  ///   - command: the command line, which may name things in the folder.
  init(files: [String: String] = [:], _ command: (_ folder: String) -> [String]) throws {
    let temporary = FileManager.default.temporaryDirectory
    folder = temporary.appendingPathComponent("attune-bench-\(UUID().uuidString.prefix(8))").path
    let command = command(folder)
    name = command.first.map { URL(fileURLWithPath: $0).lastPathComponent } ?? ""
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in files {
      let url = URL(fileURLWithPath: "\(folder)/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: false, encoding: .utf8)
    }
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", Self.script, "sh", folder] + command
    // A key that stands there is meant for another server.
    shell.environment = ProcessInfo.processInfo.environment.filter { $0.key != "ATTUNE_API_KEY" }
    shell.standardInput = lifeline
    shell.standardOutput = output
    // What the shell says of a child that was killed is of no interest.
    shell.standardError = FileHandle.nullDevice
    try shell.run()
  }

  deinit { stop() }

  /// This program with other arguments.
  convenience init(bench arguments: [String]) throws {
    try self.init { _ in [Self.executable] + arguments }
  }

  /// The path of this program.
  static var executable: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }

  /// Ends it, and waits until it has.
  func stop() {
    try? lifeline.fileHandleForWriting.close()
    shell.waitUntilExit()
  }

  /// What it wrote on standard output until it ended.
  func wholeOutput() -> Data { (try? output.fileHandleForReading.readToEnd()) ?? Data() }

  /// What it has said on standard error.
  var errors: String { (try? String(contentsOfFile: folder + "/errors", encoding: .utf8)) ?? "" }

  /// Nil until it has started.
  var pid: Int32? {
    let text = try? String(contentsOfFile: folder + "/pid", encoding: .utf8)
    return text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// Asks every few milliseconds until there is an answer.
  ///
  /// - Throws: `Failure` when it ends before, or after half a minute.
  func wait<Answer>(for what: String, _ answer: () throws -> Answer?) throws -> Answer {
    let started = MonotonicTime.now
    while MonotonicTime.seconds(since: started) < 30 {
      if let answer = try answer() { return answer }
      if hasEnded { break }
      usleep(5000)
    }
    throw failure(what)
  }

  func failure(_ what: String) -> Failure {
    let said = errors.split(separator: "\n").suffix(5).joined(separator: "\n")
    return .unavailable("\(name): \(what)\(said.isEmpty ? "" : "; it said:\n\(said)")")
  }

  /// It is the last that holds the other end of its output.
  private var hasEnded: Bool {
    var descriptor = pollfd(fd: output.fileHandleForReading.fileDescriptor, events: 0, revents: 0)
    return poll(&descriptor, 1, 0) > 0 && descriptor.revents & Int16(POLLHUP) != 0
  }
}
