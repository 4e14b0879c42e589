// swift-tools-version: 6.2
import PackageDescription

/// A module of ours and what it may import: the picture of the house, kept true by the tidy test.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies)
}

let package = Package(
  name: "attune",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .executable(name: "attune", targets: ["attune"]),
    // With the words they share: instants, spans, zones.
    .library(name: "Fatigue", targets: ["Fatigue", "Model"]),
    .library(name: "Rules", targets: ["Rules", "Model"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The pure core.
    module("Model"),
    module("Fatigue", ["Model"]),
    module("Rules", ["Model"]),
    module("Learning", ["Model"]),
    module("Materials", ["Model", "Learning"]),
    module(
      "Reach",
      [
        "Model", "Fatigue", "Rules", "Learning", "Materials",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    // What stands around it.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    module("Behaviour", ["Model", "Materials", "CZlib"]),
    module("Insight", ["Model", "Fatigue", "Rules", "Learning", "Materials"]),
    module("Delivery", ["Model"]),
    module("Storage", ["Model", "Materials", .product(name: "GRDB", package: "GRDB.swift")]),
    // What brings it to life.
    module(
      "Runtime",
      [
        "Model", "Fatigue", "Rules", "Learning", "Materials", "Reach", "Behaviour", "Storage", "Delivery",
        .product(name: "Yams", package: "Yams"),
      ]),
    module(
      "Simulation",
      [
        "Model", "Fatigue", "Learning", "Materials", "Reach", "Behaviour", "Runtime", "Storage", "Delivery", "Insight",
      ]),
    module(
      "Server",
      [
        "Model", "Fatigue", "Rules", "Learning", "Materials", "Reach", "Behaviour", "Storage", "Delivery", "Insight",
        "Runtime",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "attune",
      dependencies: [
        "Model", "Fatigue", "Rules", "Learning", "Materials", "Reach", "Behaviour", "Storage", "Delivery", "Insight",
        "Runtime", "Simulation", "Server",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    // Tests, a target a module; Tidy looks at the sources themselves.
    tests("Tidy", []),
    tests("Model", ["Model"]),
    tests("Fatigue", ["Fatigue", "Model"]),
    tests("Rules", ["Rules", "Model"]),
    tests("Learning", ["Learning", "Model"]),
    tests("Materials", ["Materials", "Learning", "Model"]),
    tests("Reach", ["Reach", "Fatigue", "Rules", "Model", "Runtime"]),
    tests("Behaviour", ["Behaviour", "Materials", "Model", "CZlib"]),
    tests("Insight", ["Insight", "Fatigue", "Materials", "Model"]),
    tests("Delivery", ["Delivery", "Model"]),
    tests(
      "Storage",
      ["Storage", "Materials", "Delivery", "Runtime", "Model", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      "Runtime",
      [
        "Runtime", "Fatigue", "Rules", "Learning", "Reach", "Storage", "Behaviour", "Materials", "Model",
        .product(name: "Yams", package: "Yams"),
      ]),
    tests(
      "Simulation",
      ["Simulation", "Fatigue", "Learning", "Runtime", "Reach", "Storage", "Delivery", "Insight", "Model"]),
    tests(
      "Server",
      [
        "Server", "Model", "Reach", "Runtime", "Storage",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    tests(
      "Attune",
      [
        "attune", "Model", "Fatigue", "Rules", "Learning", "Insight", "CZlib",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
  ]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
  ]
}
