import AttuneModel
import Foundation
import Runtime
import Simulation
import Testing

/// Folders and configurations for the suites.
enum Towns {
  static var examples: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("examples").path
  }

  static func configuration(_ name: String = "town") throws -> ConfigurationSource {
    var warnings = Diagnostics()
    return try ConfigurationFolder.read("\(examples)/\(name)", warnings: &warnings)
  }

  /// Small enough for a debug build.
  static func settings(seed: UInt64, users: Int = 60) -> TownSimulation.Settings {
    TownSimulation.Settings(seed: seed, users: users, days: 1, tick: .minutes(2))
  }

  /// A new folder, gone afterwards.
  static func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("town-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
  }
}
