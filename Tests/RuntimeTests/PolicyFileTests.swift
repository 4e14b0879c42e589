import AttuneModel
import Fatigue
import Foundation
import Runtime
import Testing

@Suite struct PolicyFileTests {
  private func errors(_ text: String) -> [String] {
    do throws(Diagnostics) {
      _ = try PolicyFile.read(text: text, name: "policies.yaml")
      return []
    } catch {
      return error.errors.map(\.description)
    }
  }

  @Test func aPolicyBecomesSettingsWithItsZones() throws {
    let source = try PolicyFile.read(
      text: "zone: Europe/Berlin\nuser: { perDay: 2 }\n", name: "policies.yaml")
    #expect(source.zones.map(\.name) == ["Europe/Berlin"])
    #expect(source.settings?["fatigue"]?["zone"]?.mark == Mark(file: "policies.yaml", line: 1, column: 7))
    #expect(source.rules.isEmpty && source.businesses.isEmpty)
  }

  @Test func whatCannotBeReadIsToldWithItsPlace() {
    #expect(errors("").first?.contains("policies.yaml:1:1: error: a policy is one document") == true)
    #expect(errors("zone: UTC\n---\nzone: UTC").first?.contains("policies.yaml:3:1") == true)
    #expect(errors("zone: Asia/Shanghia").first?.contains("did you mean 'Asia/Shanghai'?") == true)
    #expect(errors("zone: [").first?.hasPrefix("policies.yaml:") == true)
    #expect(errors(String(repeating: "#", count: 2 << 20)).first?.contains("at most 1 MB") == true)
  }

  @Test func filesAreRead() async throws {
    try await Workshop.inFolder { folder in
      let path = folder + "/policies.yaml"
      #expect(throws: Diagnostics.self) { try PolicyFile.read(path: path) }
      #expect(throws: Diagnostics.self, "a folder is no file") { try PolicyFile.read(path: folder) }
      try "zone: UTC\nuser: { perDay: 1 }".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try PolicyFile.read(path: path).settings?["fatigue"]?["user"] != nil)
    }
  }

  @Test func aConfigurationsFileIsNoPolicy() {
    let error = #expect(throws: Diagnostics.self) {
      try FatiguePolicy(text: "fatigue: { zone: UTC, user: { perDay: 3 } }\nquietHours: { from: 1 }\n", file: "a.yaml")
    }
    #expect(
      error?.all.count == 1 && error?.description.contains("stands under 'fatigue'") == true, "\(error?.all ?? [])")
  }

  @Test(arguments: [
    ("Asia/Beijing", "Asia/Shanghai"), ("China/Shenzhen", "Asia/Shanghai"), ("Asia/Mumbai", "Asia/Kolkata"),
    ("America/San_Francisco", "America/Los_Angeles"), ("Asia/Shangai", "Asia/Shanghai"),
  ])
  func placesWhoseZoneIsCalledOtherwise(name: String, zone: String) {
    #expect(ZoneTables.zone(named: name) == nil && ZoneTables.zone(named: zone) != nil)
    #expect(ZoneTables.hint(for: name) == "did you mean '\(zone)'?")
  }
}
