import AttuneModel

/// Something that must hold, how often it was looked at, and where it did not.
public struct Invariant: Hashable, Sendable {
  public var name: String
  public private(set) var checked = 0
  public private(set) var violations = 0
  /// The first few.
  public private(set) var examples: [String] = []

  public init(_ name: String) { self.name = name }

  public var holds: Bool { violations == 0 }

  mutating func count(isKept: Bool, _ example: @autoclosure () -> String) {
    checked += 1
    if isKept { return }
    violations += 1
    if examples.count < 3 { examples.append(example()) }
  }

  mutating func count(_ line: LogLine, isKept: Bool) {
    count(isKept: isKept, "message \(line.id) to \(line.user) for \(line.business) at \(line.at.milliseconds)")
  }
}
