import AttuneModel
import Runtime
import Simulation
import TestSupport

/// Folders and configurations for the suites.
enum Towns {
  static func configuration(_ name: String = "town") throws -> ConfigurationSource {
    var warnings = Diagnostics()
    return try ConfigurationFolder.read(Repository.example(name), warnings: &warnings)
  }

  /// Small enough for a debug build.
  static func settings(seed: UInt64, users: Int = 60) -> TownSettings {
    TownSettings(seed: seed, users: users, days: 1, tick: .minutes(2))
  }

  /// A new folder, gone afterwards; it is not made yet.
  static func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    return try await body(folder.path("town"))
  }
}
