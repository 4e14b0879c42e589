import AttuneModel

/// What a reach freezes: its business and scene, and the limits they have at that instant. All reaches under one policy
/// share one of these and keep its number, four bytes.
struct FrozenLimits: Hashable, Sendable {
  /// Numbers of the names in the `LimitTable`.
  var business: UInt32
  var scene: UInt32
  var priority: Int
  /// Of the business's window.
  var length: TimeSpan
  var times: Int
  /// At least 0.
  var minGap: TimeSpan
  /// 0 when the scene had no limit.
  var sceneLength: TimeSpan
  var sceneTimes: Int

  /// A reach is remembered at least so long.
  var memory: TimeSpan { max(length, minGap, sceneLength) }
}

/// A business's limits as they are now, ready for use.
struct CurrentLimits: Sendable {
  /// What a reach would freeze now.
  var frozen: FrozenLimits
  /// Its number; nil until the first reach that freezes it.
  var number: UInt32?
  var hasSceneLimit: Bool
  /// As the policy says it, which may be less than 0.
  var minGap: TimeSpan
  var hasPriority: Bool
  var obeys: Bool
  var counts: Bool
}

/// The policy in force, with every name and every set of frozen limits as a number.
struct LimitTable: Sendable {
  private(set) var names: [String] = []
  private(set) var frozen: ContiguousArray<FrozenLimits> = []
  private var nameNumbers: [String: UInt32] = [:]
  private var frozenNumbers: [FrozenLimits: UInt32] = [:]
  private var current: [CurrentLimits] = []
  private var places: [String: Int] = [:]

  mutating func adopt(_ policy: FatiguePolicy) {
    current.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    for (name, business) in policy.businesses {
      let scene = policy.scenes[business.scene]
      let limits = FrozenLimits(
        business: number(ofName: name), scene: number(ofName: business.scene), priority: business.priority,
        length: business.length, times: business.times, minGap: max(business.minGap, .zero),
        sceneLength: scene?.length ?? .zero,
        sceneTimes: scene?.times ?? 0)
      places[name] = current.count
      current.append(
        CurrentLimits(
          frozen: limits, number: frozenNumbers[limits], hasSceneLimit: scene != nil, minGap: business.minGap,
          hasPriority: business.priority >= policy.user.reservePriority, obeys: business.obeys,
          counts: business.counts))
    }
  }

  /// Where a business's limits stand, for the subscript.
  ///
  /// - Throws: `unknownBusiness` when the policy does not have it.
  func place(of business: String) throws(FatigueError) -> Int {
    guard let place = places[business] else { throw FatigueError.unknownBusiness(business) }
    return place
  }

  subscript(place: Int) -> CurrentLimits { current[place] }

  /// The number a reach keeps. Limits under which nobody was reached take no room.
  mutating func freeze(at place: Int) -> UInt32 {
    if let number = current[place].number { return number }
    let number = number(of: current[place].frozen)
    current[place].number = number
    return number
  }

  mutating func number(of limits: FrozenLimits) -> UInt32 {
    if let number = frozenNumbers[limits] { return number }
    let number = UInt32(truncatingIfNeeded: frozen.count)
    frozen.append(limits)
    frozenNumbers[limits] = number
    return number
  }

  mutating func number(ofName name: String) -> UInt32 {
    if let number = nameNumbers[name] { return number }
    let number = UInt32(truncatingIfNeeded: names.count)
    names.append(name)
    nameNumbers[name] = number
    return number
  }

  /// Orders two numbers by what they stand for, so that the order in which they came up is not seen.
  func precedes(_ a: UInt32, _ b: UInt32) -> Bool {
    let (a, b) = (frozen[Int(a)], frozen[Int(b)])
    let (nameA, nameB) = (names[Int(a.business)], names[Int(b.business)])
    if nameA != nameB { return nameA < nameB }
    let (sceneA, sceneB) = (names[Int(a.scene)], names[Int(b.scene)])
    if sceneA != sceneB { return sceneA < sceneB }
    if a.priority != b.priority { return a.priority < b.priority }
    return (a.length, a.times, a.minGap, a.sceneLength, a.sceneTimes)
      < (b.length, b.times, b.minGap, b.sceneLength, b.sceneTimes)
  }
}

extension LimitTable {
  func encode(_ number: UInt32, into writer: inout ByteWriter) {
    let limits = frozen[Int(number)]
    writer.write(names[Int(limits.business)])
    writer.write(names[Int(limits.scene)])
    writer.write(limits.priority)
    writer.write(limits.length)
    writer.write(limits.times)
    writer.write(limits.minGap)
    writer.write(limits.sceneLength)
    writer.write(limits.sceneTimes)
  }

  /// Reads what `encode` wrote, from this table or another one.
  ///
  /// - Returns: its number in this table.
  mutating func decode(from reader: inout ByteReader) throws(BinaryError) -> UInt32 {
    let business: String = try reader.read()
    let scene: String = try reader.read()
    return number(
      of: FrozenLimits(
        business: number(ofName: business), scene: number(ofName: scene), priority: try reader.read(),
        length: try reader.read(), times: try reader.read(), minGap: try reader.read(),
        sceneLength: try reader.read(), sceneTimes: try reader.read()))
  }
}
