import AttuneModel

/// A business's limits as they are now, ready for use.
struct Limits: Sendable {
  var terms: Terms
  /// The terms' number; nil until the first reach that froze them.
  var number: UInt32?
  var hasSceneLimit: Bool
  /// As the policy says it, which may be less than nothing.
  var minGap: TimeSpan
  var hasPriority: Bool
  var obeys: Bool
  var counts: Bool
}

/// Names and terms by number, and the policy in force resolved to them.
struct Book: Sendable {
  private(set) var names: [String] = []
  private(set) var terms: ContiguousArray<Terms> = []
  private var numbers: [String: UInt32] = [:]
  private var termNumbers: [Terms: UInt32] = [:]
  private var limits: [Limits] = []
  private var businesses: [String: Int] = [:]

  mutating func adopt(_ policy: FatiguePolicy) {
    limits.removeAll(keepingCapacity: true)
    businesses.removeAll(keepingCapacity: true)
    for (name, business) in policy.businesses {
      let scene = policy.scenes[business.scene]
      let terms = Terms(
        business: number(ofName: name), scene: number(ofName: business.scene), priority: business.priority,
        length: business.length, times: business.times, minGap: max(business.minGap, .zero),
        sceneLength: scene?.length ?? .zero,
        sceneTimes: scene?.times ?? 0)
      businesses[name] = limits.count
      limits.append(
        Limits(
          terms: terms, number: termNumbers[terms], hasSceneLimit: scene != nil, minGap: business.minGap,
          hasPriority: business.priority >= policy.user.reservePriority, obeys: business.obeys,
          counts: business.counts))
    }
  }

  /// Where its limits stand.
  func place(of business: String) throws(FatigueError) -> Int {
    guard let place = businesses[business] else { throw FatigueError.unknownBusiness(business) }
    return place
  }

  subscript(index: Int) -> Limits { limits[index] }

  /// The number a reach keeps. Terms nobody was reached under take no room.
  mutating func termsNumber(at index: Int) -> UInt32 {
    if let number = limits[index].number { return number }
    let number = number(of: limits[index].terms)
    limits[index].number = number
    return number
  }

  mutating func number(of new: Terms) -> UInt32 {
    if let number = termNumbers[new] { return number }
    let number = UInt32(truncatingIfNeeded: terms.count)
    terms.append(new)
    termNumbers[new] = number
    return number
  }

  /// By content, for terms of any order of coming up.
  func precedes(_ a: UInt32, _ b: UInt32) -> Bool {
    let (a, b) = (terms[Int(a)], terms[Int(b)])
    let (nameA, nameB) = (names[Int(a.business)], names[Int(b.business)])
    if nameA != nameB { return nameA < nameB }
    let (sceneA, sceneB) = (names[Int(a.scene)], names[Int(b.scene)])
    if sceneA != sceneB { return sceneA < sceneB }
    if a.priority != b.priority { return a.priority < b.priority }
    return (a.length, a.times, a.minGap, a.sceneLength, a.sceneTimes)
      < (b.length, b.times, b.minGap, b.sceneLength, b.sceneTimes)
  }

  mutating func number(ofName name: String) -> UInt32 {
    if let number = numbers[name] { return number }
    let number = UInt32(truncatingIfNeeded: names.count)
    names.append(name)
    numbers[name] = number
    return number
  }
}
