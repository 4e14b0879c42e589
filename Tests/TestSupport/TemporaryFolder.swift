import Foundation

/// A new folder, gone with its owner.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// With these texts in it, by the names of their files.
  public init(_ files: [String: String] = [:]) throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("attune-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try write(files)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Of something in it.
  public func path(_ name: String) -> String { path + "/" + name }

  public func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  public func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(fileURLWithPath: path(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// Several, under the folder `place` of this one.
  public func write(_ files: [String: String], in place: String = "") throws {
    for (name, text) in files { try write(text, to: place.isEmpty ? name : place + "/" + name) }
  }

  public func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Nothing where there is no such file.
  public func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
  }

  /// The lines of a file in it; none if there is no such file.
  public func lines(of name: String) -> [String] { text(name).split(separator: "\n").map(String.init) }
}
