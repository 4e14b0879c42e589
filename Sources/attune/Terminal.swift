import Codec
import Foundation
import Insight

/// What a person sees: results on standard output, everything else on standard error, progress only on a terminal.
enum Terminal {
  static let isInteractive = isatty(STDERR_FILENO) == 1

  static func out(_ text: String) { write(text + "\n", to: .standardOutput) }
  static func out(_ json: JSONWriter) { out(json.text) }
  /// As they are, without an end of line.
  static func out(bytes: [UInt8]) { write(Data(bytes), to: .standardOutput) }
  static func error(_ text: String) { write("attune: \(text)\n", to: .standardError) }
  static func note(_ text: String) { write(text + "\n", to: .standardError) }

  /// One line that overwrites itself; nothing where nobody looks.
  static func progress(_ label: String, _ fraction: Double, _ detail: String = "") {
    guard isInteractive else { return }
    let width = 30
    let full = max(0, min(width, Int(fraction * Double(width))))
    let bar = String(repeating: "█", count: full) + String(repeating: "·", count: width - full)
    write("\r\(label) \(bar) \(Int(fraction * 100))% \(detail)\u{1B}[K", to: .standardError)
  }

  static func endProgress() { if isInteractive { write("\r\u{1B}[K", to: .standardError) } }

  /// Lines in the place of those that were drawn last.
  static func redraw(_ text: String, over height: Int) {
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
