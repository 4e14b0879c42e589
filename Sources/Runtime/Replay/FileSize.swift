import Foundation

enum FileSize {
  /// In bytes; 0 for what cannot be opened, which its reader will explain.
  static func of(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }
}
