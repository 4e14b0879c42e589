/// Small numbers for the names of businesses and scenes, so that a key needs four bytes for one.
struct Names: Sendable {
  private(set) var all: [String] = []
  private var numbers: [String: UInt32] = [:]

  subscript(name: String) -> UInt32? { numbers[name] }

  mutating func intern(_ name: String) -> UInt32 {
    if let number = numbers[name] { return number }
    let number = UInt32(truncatingIfNeeded: all.count)
    all.append(name)
    numbers[name] = number
    return number
  }
}
