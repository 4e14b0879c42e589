import AttuneModel

/// One reach as a user's record remembers it: 24 bytes.
struct RecordedReach: Sendable {
  enum State: UInt8, Sendable {
    case reserved = 0
    case committed, released, unknown
    /// Not a reach: the first word of a free block of the slab.
    case free
  }

  /// What counts it at present: a later day or a new window clears the flag.
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8
    static let day = Flags(rawValue: 1)
    static let window = Flags(rawValue: 4)
    static let scene = Flags(rawValue: 8)
    /// Its key was forgotten before the next reach: it never is the last again.
    static let past = Flags(rawValue: 16)
    /// The business's present window began with it and goes by its limits; released or not.
    static let opensWindow = Flags(rawValue: 32)
    static let opensScene = Flags(rawValue: 64)

    static let inWindow: Flags = [.window, .opensWindow]
    static let inScene: Flags = [.scene, .opensScene]
  }

  var id: UInt64
  var at: Instant
  /// Number of the limits that it froze.
  var limits: UInt32
  var flags: Flags
  var state: State

  var isReleased: Bool { state == .released }
}

extension RecordedReach {
  /// - Parameter limits: their place in the table that was written.
  func encode(limits: UInt64, into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(at)
    writer.write(limits)
    writer.write(flags.rawValue)
    writer.write(state.rawValue)
  }

  /// - Parameter numbers: of the limits in the table that was read.
  init(from reader: inout ByteReader, _ numbers: [UInt32]) throws(BinaryError) {
    let id: UInt64 = try reader.read()
    let at: Instant = try reader.read()
    let limits: UInt64 = try reader.read()
    let flags = Flags(rawValue: try reader.read())
    guard limits < numbers.count else { throw BinaryError.invalid("limits of the table", at: reader.position) }
    guard let state = State(rawValue: try reader.read()), state != .free else {
      throw BinaryError.invalid("how a reach ended", at: reader.position - 1)
    }
    self.init(id: id, at: at, limits: numbers[Int(limits)], flags: flags, state: state)
  }
}

/// All of a reach but its instant and its id, in 64 bits. Of the id it has 16 bits, to tell it from most others.
struct PackedReach: Sendable {
  let word: UInt64

  init(word: UInt64) { self.word = word }

  init(_ reach: RecordedReach) {
    word =
      UInt64(reach.limits) | UInt64(reach.flags.rawValue) << 32 | UInt64(Self.counting(reach).rawValue) << 40
      | UInt64(reach.state.rawValue) << 44 | UInt64(Self.tag(reach.id)) << 48
  }

  var limits: UInt32 { UInt32(truncatingIfNeeded: word) }
  var flags: RecordedReach.Flags { RecordedReach.Flags(rawValue: UInt8(truncatingIfNeeded: word >> 32)) }
  var state: RecordedReach.State {
    RecordedReach.State(rawValue: UInt8(truncatingIfNeeded: word >> 44) & 0xF) ?? .reserved
  }
  var tag: UInt16 { UInt16(truncatingIfNeeded: word >> 48) }

  var isReleased: Bool { state == .released }

  /// What it adds to each count, in four lanes of 16 bits: the day twice, then the window, then the scene.
  var counts: UInt64 { (word >> 40 & 0xF) &* 0x2000_4001_0001 & 0x0001_0001_0001_0001 }

  /// A bit that is never set.
  static let never: UInt64 = 1 << 47

  /// The bits that make a reach matter to other businesses: that the day counts it, or a scene.
  static let general: UInt64 = 9 << 40 | UInt64(RecordedReach.Flags.opensScene.rawValue) << 32

  /// The three things of which a scan wants the place.
  var isLast: Bool { word & 2 << 40 != 0 }
  var opensWindow: Bool { word & UInt64(RecordedReach.Flags.opensWindow.rawValue) << 32 != 0 }
  var opensScene: Bool { word & UInt64(RecordedReach.Flags.opensScene.rawValue) << 32 != 0 }

  /// The flags that count, for a scan that need not ask whether the reach was released; and in the bit that no flag has,
  /// whether it can be the last of its key.
  private static func counting(_ reach: RecordedReach) -> RecordedReach.Flags {
    if reach.isReleased { return [] }
    let counting = reach.flags.intersection([.day, .window, .scene])
    return reach.flags.contains(.past) ? counting : counting.union(RecordedReach.Flags(rawValue: 2))
  }

  static func tag(_ id: UInt64) -> UInt16 { UInt16(truncatingIfNeeded: mix64(id)) }
}
