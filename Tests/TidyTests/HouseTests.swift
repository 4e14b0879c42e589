import Foundation
import Testing

/// No ring of folders inside a module, and nothing that nobody uses; and the search for both finds what is planted.
@Suite struct HouseTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func texts(in folder: String) -> [String: String] {
    let base = root.appendingPathComponent(folder).path
    let names = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
    let swift = names.filter { $0.hasSuffix(".swift") }
    return Dictionary(
      uniqueKeysWithValues: swift.map { ($0, (try? String(contentsOfFile: base + "/" + $0, encoding: .utf8)) ?? "") })
  }

  private static let sources = texts(in: "Sources")
  private static let others = Array(texts(in: "Tests").values) + Array(texts(in: "Snippets").values)
  private static let house = House(sources: sources, others: others)

  @Test func roomsFormNoRing() {
    #expect(Self.house.files.count > 300, "the search for sources finds too few to be trusted")
    #expect(Self.house.arrows.values.reduce(0) { $0 + $1.count } > 100, "the search for arrows finds too few")
    for ring in Self.house.rings { Issue.record("a ring of folders: \(ring)") }
  }

  @Test func nothingIsDead() {
    for place in Self.house.dead { Issue.record("\(place) is declared and never used") }
  }

  @Test func aPlantedRingIsFound() throws {
    let rooms = [
      "Planted/Low/A.swift": "struct LowThing { var high: HighThing }\n",
      "Planted/High/B.swift": "public struct HighThing { let low: [LowThing] }\n",
      "Planted/Top.swift": "enum TopThing { case high(HighThing) }  // TopThing is named by nobody below\n",
    ]
    #expect(
      House(sources: rooms).rings == [
        """
        Planted/High, Planted/Low
            Planted/High -> Planted/Low: LowThing
            Planted/Low -> Planted/High: HighThing
        """
      ])
    let tracker = try #require(Self.house.files.first { $0.declares.contains("FatigueTracker") })
    let room = tracker.path.split(separator: "/").dropLast().joined(separator: "/")
    let real = Self.sources.merging([
      "Fatigue/Planted/Planted.swift": "struct PlantedBelow { var above: FatigueTracker }\n",
      "\(room)/PlantedAbove.swift": "struct PlantedAbove { var below: PlantedBelow }\n",
    ]) { $1 }
    let rings = House(sources: real, others: Self.others).rings
    #expect(rings.contains { $0.contains("Fatigue/Planted -> ") })
  }

  @Test func whatOnlyLooksLikeARingIsNone() {
    let rooms = [
      "Planted/Low/A.swift": """
      /// Made by a HighThing.
      struct LowThing { let text = "a HighThing"; let raw = #"a "HighThing""#; var kind: Kind.HighThing }
      """,
      "Planted/High/B.swift": "struct HighThing { let low: LowThing }\nprivate struct Kind {}\n",
      "Planted/Low/C.swift": "private struct Kind {}\nextension LowThing { func kind() -> Kind? { nil } }\n",
    ]
    #expect(House(sources: rooms).rings == [])
  }

  @Test func aPlantedDeadDeclarationIsFound() {
    // Put together, so that this file does not name them.
    let (forgotten, lost) = ("forgotten" + "ByAll", "lost" + "ByAll")
    let text = """
      struct Planted {
        let used = 1
        func \(forgotten)() -> String { "\\(used)" }
        private static let \(lost) = 2
        // \(forgotten) and \(lost) are named here, in a comment
      }
      """
    let house = House(
      sources: Self.sources.merging(["Fatigue/Planted.swift": text]) { $1 }, others: Self.others + ["Planted()"])
    #expect(
      Set(house.dead).subtracting(Self.house.dead) == [
        "Fatigue/Planted.swift:3: \(forgotten)", "Fatigue/Planted.swift:4: \(lost)",
      ])
  }
}
