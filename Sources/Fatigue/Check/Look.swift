/// The look itself, through the heads alone; -1 is no place.
struct Look {
  /// Four of them, in lanes.
  private var counts: SIMD4<Int> = .zero
  private(set) var last = -1
  private(set) var same = -1
  private(set) var windowOpener = -1
  private(set) var sceneOpener = -1

  /// - Parameter pairs: a head and an instant of each reach.
  init(
    _ pairs: UnsafeBufferPointer<UInt64>, _ terms: UnsafeBufferPointer<Terms>, _ candidate: borrowing Candidate,
    tag: UInt16
  ) {
    let (count, business) = (pairs.count / 2, candidate.limits.terms.business)
    var start = 0
    while start < count {
      let end = min(count, start + 64)
      let concerned = Self.concerned(pairs, start, end, terms, business: business, tag: UInt64(tag))
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
    _ pairs: UnsafeBufferPointer<UInt64>, _ start: Int, _ end: Int, _ terms: UnsafeBufferPointer<Terms>,
    business: UInt32, tag: UInt64
  ) -> UInt64 {
    let nothing = touch(pairs, start, end)
    var bits: UInt64 = 0
    for index in start..<end {
      let word = pairs[2 &* index]
      let business = UInt64(terms[Int(UInt32(truncatingIfNeeded: word))].business ^ business)
      // The highest bit of one less than nothing, and of the most with anything more.
      let found = (business &- 1) | ((word >> 48 ^ tag) &- 1) | ((word & Head.general) &+ (.max >> 1))
      bits = bits >> 1 | found & 1 << 63
    }
    return bits >> UInt64(64 - (end - start)) | nothing
  }

  /// Asks memory for all their lines together, before any is waited for.
  ///
  /// - Returns: 0; but the compiler does not know, and so does not leave the looking out.
  @inline(__always)
  private static func touch(_ pairs: UnsafeBufferPointer<UInt64>, _ start: Int, _ end: Int) -> UInt64 {
    var seen: UInt64 = 0
    // The first of a line, in a ledger: four stand on each, after a header of half a line.
    var index = start &+ 2
    while index < end {
      seen |= pairs[2 &* index]
      index &+= 4
    }
    return seen & Head.never
  }

  /// Sums and choices, again without branches.
  @inline(never)
  private mutating func look(
    _ pairs: UnsafeBufferPointer<UInt64>, _ start: Int, _ concerned: UInt64, _ all: UnsafeBufferPointer<Terms>,
    business: UInt32, scene: UInt32, reservePriority: Int, tag: UInt64
  ) {
    var counts: UInt64 = 0
    var (last, same, windowOpener, sceneOpener) = (last, same, windowOpener, sceneOpener)
    var rest = concerned
    while rest != 0 {
      let index = start &+ rest.trailingZeroBitCount
      rest &= rest &- 1
      let word = pairs[2 &* index]
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
