// swift-tools-version: 6.2
import PackageDescription

/// A module of ours and what it may import: the picture of the house, kept true by the tidy test.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies)
}

/// A library of another package. It is fetched only with the trait `Engine`: an app that takes `Fatigue` or `Rules` alone
/// turns the trait off and resolves no package but this one.
func external(_ product: String, _ package: String) -> Target.Dependency {
  .product(name: product, package: package, condition: .when(traits: ["Engine"]))
}

let package = Package(
  name: "attune",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .executable(name: "attune", targets: ["attune"]),
    .executable(name: "attune-bench", targets: ["attune-bench"]),
    // With the words they share: instants, spans, zones.
    .library(name: "Fatigue", targets: ["Fatigue", "AttuneModel"]),
    .library(name: "Rules", targets: ["Rules", "AttuneModel"]),
  ],
  traits: [
    .trait(name: "Engine", description: "Everything: the engine, the server and the command line."),
    .default(enabledTraits: ["Engine"]),
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
    module("AttuneModel"),
    module("Fatigue", ["AttuneModel"]),
    module("Rules", ["AttuneModel"]),
    module("Learning", ["AttuneModel"]),
    module("Materials", ["AttuneModel", "Learning"]),
    module(
      "Reach",
      [
        "AttuneModel", "Fatigue", "Rules", "Learning", "Materials",
        external("DequeModule", "swift-collections"),
        external("HeapModule", "swift-collections"),
      ]),
    // What stands around it.
    module("API", ["AttuneModel"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    module("Platform"),
    module("Codec", ["AttuneModel", "CZlib"]),
    module("Ingest", ["AttuneModel", "Materials", "Codec"]),
    module("Insight", ["AttuneModel", "Fatigue", "Rules", "Learning", "Materials", "Codec"]),
    module("Store", ["AttuneModel", "Materials"]),
    module("StoreSQLite", ["AttuneModel", "Materials", "Platform", "Store", external("GRDB", "GRDB.swift")]),
    module("StoreMemory", ["AttuneModel", "Materials", "Store"]),
    module("StoreTesting", ["AttuneModel", "Materials", "Store", "StoreMemory"]),
    module("Lanes", ["AttuneModel"]),
    module("Delivery", ["AttuneModel", "Lanes", "Platform", "Store", external("DequeModule", "swift-collections")]),
    module("ChannelLog", ["AttuneModel", "Codec", "Lanes", "Platform", "Delivery"]),
    module("ChannelTesting", ["AttuneModel", "Lanes", "Delivery"]),
    // What brings it to life.
    module(
      "Runtime",
      [
        "AttuneModel", "Fatigue", "Rules", "Learning", "Materials", "Reach", "Codec", "Ingest", "Store",
        "Platform",
        external("DequeModule", "swift-collections"),
        external("Yams", "Yams"),
      ]),
    module(
      "Simulation",
      [
        "AttuneModel", "Fatigue", "Learning", "Materials", "Reach", "Codec", "Ingest", "Runtime", "Store",
        "Delivery", "ChannelLog", "Insight",
      ]),
    module(
      "Server",
      [
        "API", "AttuneModel", "Fatigue", "Rules", "Learning", "Materials", "Reach", "Codec", "Platform", "Ingest",
        "Store",
        "Delivery", "ChannelLog", "Insight", "Runtime",
        external("Hummingbird", "hummingbird"),
        external("Logging", "swift-log"),
        external("Metrics", "swift-metrics"),
        external("ServiceLifecycle", "swift-service-lifecycle"),
      ]),
    // What the programs share: the terminal, failures, progress.
    module(
      "CommandSupport",
      ["AttuneModel", "Codec", "Insight", "Learning", external("ArgumentParser", "swift-argument-parser")]),
    .executableTarget(
      name: "attune",
      dependencies: [
        "API", "AttuneModel", "Fatigue", "Rules", "Learning", "Materials", "Reach", "Codec", "Platform", "Ingest",
        "Store",
        "StoreSQLite", "Delivery", "Insight", "Runtime", "Simulation", "Server", "CommandSupport",
        external("ArgumentParser", "swift-argument-parser"),
        external("AsyncHTTPClient", "async-http-client"),
        external("Logging", "swift-log"),
        external("NIOCore", "swift-nio"),
        external("NIOHTTP1", "swift-nio"),
        external("ServiceLifecycle", "swift-service-lifecycle"),
        external("UnixSignals", "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "attune-bench",
      dependencies: [
        "AttuneModel", "Fatigue", "Rules", "Learning", "Reach", "Codec", "Ingest", "Store", "StoreSQLite",
        "Insight", "Runtime", "Simulation", "CommandSupport", "Platform",
        external("ArgumentParser", "swift-argument-parser"),
        external("DequeModule", "swift-collections"),
        external("NIOCore", "swift-nio"),
        external("NIOPosix", "swift-nio"),
      ]),
    // Tests, a target a module; Tidy looks at the sources themselves.
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    tests("Tidy", []),
    tests("AttuneModel", ["AttuneModel"]),
    tests("Fatigue", ["Fatigue", "AttuneModel"]),
    tests("Rules", ["Rules", "AttuneModel"]),
    tests("Learning", ["Learning", "AttuneModel"]),
    tests("Materials", ["Materials", "Learning", "AttuneModel"]),
    tests("Reach", ["Reach", "Fatigue", "Rules", "AttuneModel", "Runtime"]),
    tests("API", ["API", "AttuneModel"]),
    tests("Platform", ["Platform", "TestSupport"]),
    tests("Codec", ["Codec", "AttuneModel", "CZlib", "TestSupport"]),
    tests("Ingest", ["Ingest", "Codec", "Materials", "AttuneModel"]),
    tests("Insight", ["Insight", "Codec", "Fatigue", "Materials", "AttuneModel"]),
    tests("Lanes", ["Lanes", "AttuneModel"]),
    tests("Delivery", ["Delivery", "ChannelTesting", "Lanes", "Store", "AttuneModel"]),
    tests("ChannelLog", ["ChannelLog", "ChannelTesting", "Delivery", "Lanes", "AttuneModel", "TestSupport"]),
    tests("Store", ["Store", "StoreSQLite", "StoreMemory", "StoreTesting", "AttuneModel", "TestSupport"]),
    tests(
      "StoreSQLite",
      [
        "StoreSQLite", "StoreTesting", "Store", "Materials", "Delivery", "ChannelLog", "Runtime", "Reach", "Insight",
        "AttuneModel",
        external("GRDB", "GRDB.swift"),
      ]),
    tests(
      "Runtime",
      [
        "Runtime", "Fatigue", "Rules", "Learning", "Reach", "Store", "StoreSQLite", "StoreMemory", "StoreTesting",
        "Codec", "Ingest",
        "Materials", "AttuneModel", "TestSupport",
        external("Yams", "Yams"),
      ]),
    tests(
      "Simulation",
      [
        "Simulation", "Fatigue", "Learning", "Runtime", "Reach", "Store", "StoreSQLite", "Delivery", "Insight",
        "Codec", "AttuneModel", "TestSupport",
      ]),
    tests(
      "Server",
      [
        "Server", "API", "Codec", "AttuneModel", "Reach", "Insight", "Runtime", "Delivery", "ChannelLog", "Store",
        "StoreSQLite", "Platform",
        external("AsyncHTTPClient", "async-http-client"),
        external("Hummingbird", "hummingbird"),
        external("Logging", "swift-log"),
        external("Metrics", "swift-metrics"),
        external("ServiceLifecycle", "swift-service-lifecycle"),
      ]),
    tests(
      "Attune",
      [
        "attune", "API", "AttuneModel", "Fatigue", "Rules", "Learning", "Insight", "Codec", "CZlib", "TestSupport",
        external("AsyncHTTPClient", "async-http-client"),
        external("NIOCore", "swift-nio"),
        external("NIOHTTP1", "swift-nio"),
      ]),
    tests("AttuneBench", ["attune-bench", "attune", "API", "AttuneModel", "Fatigue", "Rules", "TestSupport"]),
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
