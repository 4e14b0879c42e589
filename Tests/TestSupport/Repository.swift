public import Foundation

/// Where the tests find what they do not make themselves.
public enum Repository {
  public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Of an example that comes with it, as `town` or `rules/tests`.
  public static func example(_ name: String) -> String { root.appendingPathComponent("examples/\(name)").path }

  /// The folder in which the programs are built, beside the tests.
  public static var products: URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    return bundle.map { $0.bundleURL.deletingLastPathComponent() } ?? Bundle.main.bundleURL
  }
}
