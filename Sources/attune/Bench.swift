import ArgumentParser
import CommandSupport
import Foundation

/// Runs `attune-bench`, a program of its own: what only benchmarks need stays out of the product.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure on this machine the figures that the README shows.",
    discussion: """
      The benchmarks are in a program of their own, \(program), which has to stand beside this one or in the search \
      path: \(building)
      'attune bench' alone, or with --help, says what there is to measure.
      """)

  static let program = "attune-bench"
  static let building = "swift build -c release --product attune-bench"

  @Argument(parsing: .captureForPassthrough, help: "The benchmark, and its options.") var arguments: [String] = []

  func run() throws {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    guard let found = Self.find(beside: Bundle.main.executablePath, searchPath: path) else {
      throw Failure.unavailable(
        "there is no \(Self.program) beside this program or in the search path (hint: \(Self.building))")
    }
    // It takes this process's place: input, output, signals and the exit code are its own.
    var words: [UnsafeMutablePointer<CChar>?] = ([found] + arguments).map { strdup($0) } + [nil]
    execv(found, &words)
    throw Failure.unavailable("\(found) cannot be run: \(String(cString: strerror(errno)))")
  }

  /// Where the program is; nil where it is nowhere.
  ///
  /// - Parameters:
  ///   - executable: of this program.
  ///   - searchPath: folders with colons between them, as in PATH.
  static func find(beside executable: String?, searchPath: String) -> String? {
    let beside = executable.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    let folders = (beside.map { [$0] } ?? []) + searchPath.split(separator: ":").map(String.init)
    return folders.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
