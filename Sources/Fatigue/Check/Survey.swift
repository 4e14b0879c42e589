import Model

/// What one look through a user's reaches finds out about a candidate.
struct Survey {
  /// Places among the reaches. The latest one of the business that is not released; its key may have been forgotten.
  let last: Int?
  /// Where the id stands that is asked about, remembered or not.
  let same: Int?
  private(set) var windowOpener: Int?
  private(set) var sceneOpener: Int?
  /// The counts of the counted day, of the windows that began with the openers.
  let today: Int
  let priority: Int
  let window: Int
  let scene: Int
  /// Whether there are marks of a window, open or not.
  let hasWindow: Bool
  let hasSceneWindow: Bool
  /// The instant that counts: one earlier than the last reach is taken as that.
  let now: Instant
  /// The day that counts: a change of zone never resets it backwards.
  let day: Int64

  init(_ reaches: Reaches, _ candidate: borrowing Candidate, id: UInt64 = 0) {
    let all = reaches.all
    let look = Look(all.pairs, reaches.terms, candidate, tag: Head.tag(id))
    last = look.last < 0 ? nil : look.last
    // Of several with that tag, and they are rare, the look has found but one.
    same = look.same < 0 ? nil : all.id(look.same) == id ? look.same : all.lastIndex(of: id)
    (today, priority) = (look.count(0), look.count(1))
    (window, scene) = (look.count(2), look.count(3))
    (hasWindow, hasSceneWindow) = (window > 0 || look.windowOpener >= 0, scene > 0 || look.sceneOpener >= 0)
    now = last.map { max(candidate.at, all.at($0)) } ?? candidate.at
    day = max(candidate.zone.day(now), reaches.day ?? .min)
    if look.windowOpener >= 0, reaches.isOpen(all[look.windowOpener], at: now) { windowOpener = look.windowOpener }
    if look.sceneOpener >= 0, reaches.isSceneOpen(all[look.sceneOpener], at: now) { sceneOpener = look.sceneOpener }
  }

  /// A key is remembered while its window is open, and for the gap that was in force at its last reach.
  func remembersKey(_ reaches: Reaches) -> Bool {
    guard let last else { return false }
    let reach = reaches.all[last]
    return windowOpener != nil || now - reach.at < reaches.terms[Int(reach.terms)].minGap
  }
}

/// The look itself, through the heads alone; -1 is no place.
struct Look {
  /// Four of them, in lanes.
  private var counts: SIMD4<Int> = .zero
  private(set) var last = -1
  private(set) var same = -1
  private(set) var windowOpener = -1
  private(set) var sceneOpener = -1

  init(
    _ pairs: UnsafeBufferPointer<Ledger.Pair>, _ terms: UnsafeBufferPointer<Terms>, _ candidate: borrowing Candidate,
    tag: UInt16
  ) {
    let business = candidate.limits.terms.business
    var start = 0
    while start < pairs.count {
      let end = min(pairs.count, start + 64)
      let concerned = Self.concerned(pairs[start..<end], terms, business: business, tag: UInt64(tag))
      look(
        pairs, start, concerned, terms, business: business, scene: candidate.limits.terms.scene,
        reservePriority: candidate.user.reservePriority, tag: UInt64(tag))
      start = end
    }
  }

  func count(_ lane: Int) -> Int { counts[lane] }

  /// A bit for each of up to 64 that is of the business, counts for the day or a scene, or may have the id. These are
  /// few, and to pass over the others is most of a call: so it is done without branches, which none could foresee.
  @inline(never)
  private static func concerned(
    _ pairs: Slice<UnsafeBufferPointer<Ledger.Pair>>, _ terms: UnsafeBufferPointer<Terms>, business: UInt32, tag: UInt64
  ) -> UInt64 {
    let nothing = touch(pairs)
    var bits: UInt64 = 0
    for pair in pairs {
      let word = pair[0]
      let business = UInt64(terms[Int(UInt32(truncatingIfNeeded: word))].business ^ business)
      // The highest bit of one less than nothing, and of the most with anything more.
      let found = (business &- 1) | ((word >> 48 ^ tag) &- 1) | ((word & Head.general) &+ (.max >> 1))
      bits = bits >> 1 | found & 1 << 63
    }
    return bits >> UInt64(64 - pairs.count) | nothing
  }

  /// Asks memory for all their lines together, before any is waited for.
  ///
  /// - Returns: 0; but the compiler does not know, and so does not leave the looking out.
  @inline(__always)
  private static func touch(_ pairs: Slice<UnsafeBufferPointer<Ledger.Pair>>) -> UInt64 {
    var seen: UInt64 = 0
    var index = pairs.startIndex &+ 2
    while index < pairs.endIndex {
      seen |= pairs[index][0]
      index &+= 4
    }
    return seen & Head.never
  }

  /// Sums and choices, again without branches.
  @inline(never)
  private mutating func look(
    _ pairs: UnsafeBufferPointer<Ledger.Pair>, _ start: Int, _ concerned: UInt64, _ all: UnsafeBufferPointer<Terms>,
    business: UInt32, scene: UInt32, reservePriority: Int, tag: UInt64
  ) {
    var counts: UInt64 = 0
    var (last, same, windowOpener, sceneOpener) = (last, same, windowOpener, sceneOpener)
    var rest = concerned
    while rest != 0 {
      let index = start &+ rest.trailingZeroBitCount
      rest &= rest &- 1
      let word = pairs[index][0]
      let terms = all[Int(UInt32(truncatingIfNeeded: word))]
      let isBusiness: UInt64 = terms.business == business ? .max : 0
      let isScene: UInt64 = terms.scene == scene ? .max : 0
      // The business's priority then, by the threshold now: a reserve that is new is not used up already.
      let isPriority: UInt64 = terms.priority >= reservePriority ? .max : 0
      counts &+= Head(word: word).counts & (1 | isPriority & 1 << 16 | isBusiness & 1 << 32 | isScene & 1 << 48)
      last = Head(word: word & isBusiness).isLast ? index : last
      windowOpener = Head(word: word & isBusiness).opensWindow ? index : windowOpener
      sceneOpener = Head(word: word & isScene).opensScene ? index : sceneOpener
      same = word >> 48 == tag ? index : same
    }
    (self.last, self.same, self.windowOpener, self.sceneOpener) = (last, same, windowOpener, sceneOpener)
    self.counts &+= SIMD4(
      Int(counts & 0xFFFF), Int(counts >> 16 & 0xFFFF), Int(counts >> 32 & 0xFFFF), Int(counts >> 48))
  }
}
