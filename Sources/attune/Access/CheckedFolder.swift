import AttuneModel
import CommandSupport
import Insight
import Reach
import Runtime
import Server

/// A configuration folder, read and compiled, with all that was found wrong in it.
struct CheckedFolder {
  let source: ConfigurationSource?
  /// Nil if there is any error.
  let compiled: CompiledConfiguration?
  let diagnostics: Diagnostics

  init(_ folder: String) {
    var diagnostics = Diagnostics()
    var source: ConfigurationSource?
    var compiled: CompiledConfiguration?
    do {
      let read = try ConfigurationFolder.read(folder, warnings: &diagnostics)
      source = read
      compiled = CompiledConfiguration(read, at: Instant(milliseconds: 0), &diagnostics)
      if ServerSettings(reading: read.settings, &diagnostics) == nil { compiled = nil }
    } catch {
      diagnostics.append(error)
    }
    self.source = source
    self.compiled = compiled
    self.diagnostics = diagnostics
  }

  /// For commands that need a sound one, and change nothing: errors are thrown, warnings are what `check` is for.
  static func sound(_ folder: String) throws -> ConfigurationSource {
    let checked = CheckedFolder(folder)
    guard let source = checked.source, checked.compiled != nil else { throw checked.diagnostics }
    let warnings = checked.diagnostics.warnings.count
    if warnings > 0 { Terminal.note("\(warnings.of("warning")) (attune check \(folder))") }
    return source
  }

  /// For commands that put it in force: warnings are told, errors thrown.
  func sound() throws -> ConfigurationSource {
    guard let source, compiled != nil else { throw diagnostics }
    if !diagnostics.all.isEmpty { Terminal.note("\(diagnostics)") }
    return source
  }
}
