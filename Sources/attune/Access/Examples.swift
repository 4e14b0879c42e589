import Foundation

/// The examples of the checkout that a command was built in, wherever it is typed.
enum Examples {
  static func folder(_ name: String) -> String {
    let near = "examples/" + name
    guard !FileManager.default.fileExists(atPath: near), var place = Bundle.main.executableURL else { return near }
    while place.path.count > 1 {
      place.deleteLastPathComponent()
      let far = place.appendingPathComponent(near).path
      if FileManager.default.fileExists(atPath: far + "/attune.yaml") { return far }
    }
    return near
  }
}
