import AttuneModel
import Fatigue

// One answer in few bytes: its scene by its number in a table, instants by their distance from one that is near.
extension ReservationAnswer {
  private enum Kind: UInt8 {
    case passed = 0
    case refused, unknownBusiness, unknownZone
  }

  /// What stands in the first byte beside the kind.
  private struct Parts: OptionSet {
    let rawValue: UInt8
    static let user = Parts(rawValue: 4)
    static let scene = Parts(rawValue: 8)
    static let gap = Parts(rawValue: 16)
    static let gapPasses = Parts(rawValue: 32)
    /// With `unknownBusiness`, and instead of it.
    static let conflict = Parts(rawValue: 64)
    static let all: Parts = [.user, .scene, .gap, .gapPasses, .conflict]
  }

  func encode(scene: Int, near: Instant, into writer: inout ByteWriter) {
    let kind: Kind
    var parts: Parts = []
    switch ruling {
    case .unknownBusiness: kind = .unknownBusiness
    case .conflict: (kind, parts) = (.unknownBusiness, .conflict)
    case .unknownZone: kind = .unknownZone
    case .verdict(let verdict):
      kind = verdict.passes ? .passed : .refused
      if verdict.user != nil { parts.insert(.user) }
      if verdict.scene != nil { parts.insert(.scene) }
      if let gap = verdict.gap { parts.formUnion(gap.passes ? [.gap, .gapPasses] : .gap) }
    }
    writer.write(kind.rawValue | parts.rawValue)
    writer.write(UInt64(scene))
    writer.write(at, near: near)
    guard case .verdict(let verdict) = ruling else { return }
    if let user = verdict.user { writer.write(user, near: at) }
    if let scene = verdict.scene { writer.write(scene, near: at) }
    writer.write(verdict.window, near: at)
    guard let gap = verdict.gap else { return }
    writer.write(gap.minGap)
    writer.write(gap.last, near: at)
    writer.write(gap.next, near: at)
  }

  init(from reader: inout ByteReader, scenes: [String], near: Instant) throws(BinaryError) {
    let byte: UInt8 = try reader.read()
    let parts = Parts(rawValue: byte & ~3)
    guard let kind = Kind(rawValue: byte & 3), parts.isSubset(of: .all) else {
      throw BinaryError.invalid("an answer to a reservation", at: reader.position - 1)
    }
    let scene: UInt64 = try reader.read()
    guard scene < scenes.count else { throw BinaryError.invalid("the number of a scene", at: reader.position) }
    self.init(at: try reader.read(near: near), scene: scenes[Int(scene)], ruling: .unknownBusiness)
    switch kind {
    case .unknownBusiness: if parts == .conflict { ruling = .conflict }
    case .unknownZone: ruling = .unknownZone
    case .passed, .refused: ruling = .verdict(try Self.verdict(kind == .passed, parts, near: at, from: &reader))
    }
  }

  /// Reason and next are not stored: they follow from what the dimensions say.
  private static func verdict(
    _ passed: Bool, _ parts: Parts, near at: Instant, from reader: inout ByteReader
  ) throws(BinaryError) -> FatigueVerdict {
    let user = parts.contains(.user) ? try reader.readReading(near: at) : nil
    let scene = parts.contains(.scene) ? try reader.readReading(near: at) : nil
    let window = try reader.readReading(near: at)
    var gap: FatigueVerdict.GapReading?
    if parts.contains(.gap) {
      let minGap: TimeSpan = try reader.read()
      gap = FatigueVerdict.GapReading(
        passes: parts.contains(.gapPasses), last: try reader.readMaybe(near: at), minGap: minGap,
        next: try reader.readMaybe(near: at))
    }
    let verdict = FatigueVerdict(user: user, scene: scene, window: window, gap: gap, obeys: !passed)
    guard verdict.passes == passed else {
      throw BinaryError.invalid("a dimension that refused", at: reader.position)
    }
    return verdict
  }
}

// Instants of one batch lie near each other. The difference wraps, so that any two have one.
extension ByteWriter {
  fileprivate mutating func write(_ instant: Instant, near other: Instant) {
    write(instant.milliseconds &- other.milliseconds)
  }

  fileprivate mutating func write(_ instant: Instant?, near other: Instant) {
    write(instant != nil)
    if let instant { write(instant, near: other) }
  }

  fileprivate mutating func write(_ reading: FatigueVerdict.Reading, near instant: Instant) {
    write(reading.count)
    write(reading.limit)
    write(reading.next, near: instant)
  }
}

extension ByteReader {
  fileprivate mutating func read(near other: Instant) throws(BinaryError) -> Instant {
    Instant(milliseconds: (try read() as Int64) &+ other.milliseconds)
  }

  fileprivate mutating func readMaybe(near other: Instant) throws(BinaryError) -> Instant? {
    try read() ? try read(near: other) : nil
  }

  fileprivate mutating func readReading(near instant: Instant) throws(BinaryError) -> FatigueVerdict.Reading {
    FatigueVerdict.Reading(count: try read(), limit: try read(), next: try readMaybe(near: instant))
  }
}
