public import Codec
import Foundation
import Insight

/// What a person sees: results on standard output, everything else on standard error, progress only on a terminal.
public enum Terminal {
  /// Whether somebody looks at standard error.
  public static let isInteractive = isatty(STDERR_FILENO) == 1

  /// A result, and the end of its line.
  public static func out(_ text: String) { write(text + "\n", to: .standardOutput) }
  public static func out(_ json: JSONWriter) { out(json.text) }
  /// A result as JSON, members in the order of their names.
  public static func out(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    out(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
  /// As they are, without an end of line.
  public static func out(bytes: [UInt8]) { write(Data(bytes), to: .standardOutput) }
  public static func error(_ text: String) { write("attune: \(text)\n", to: .standardError) }
  public static func note(_ text: String) { write(text + "\n", to: .standardError) }

  /// One line that overwrites itself; nothing where nobody looks.
  ///
  /// - Parameter fraction: from 0 to 1; nil where nobody knows how much there is to do.
  public static func progress(_ label: String, _ fraction: Double?, _ detail: String = "") {
    guard isInteractive else { return }
    let bar = fraction.map { " \(ProgressBar($0).text) \(Int($0 * 100))%" } ?? ""
    write("\r\(label)\(bar) \(detail)\u{1B}[K", to: .standardError)
  }

  /// Takes the line of the progress away.
  public static func endProgress() { if isInteractive { write("\r\u{1B}[K", to: .standardError) } }

  /// Lines in the place of those that were drawn last.
  public static func redraw(_ text: String, over height: Int) {
    let up = height > 0 ? "\u{1B}[\(height)F\u{1B}[J" : ""
    write(up + text + "\n", to: .standardOutput)
  }

  private static func write(_ text: String, to handle: FileHandle) { write(Data(text.utf8), to: handle) }

  private static func write(_ data: Data, to handle: FileHandle) {
    do { try handle.write(contentsOf: data) } catch {
      // Whoever waits for the result has to learn that it is not there.
      guard handle == .standardOutput else { return }
      let failure = Failure.output("standard output cannot be written", error)
      Terminal.error(failure.message)
      exit(failure.code)
    }
  }
}
