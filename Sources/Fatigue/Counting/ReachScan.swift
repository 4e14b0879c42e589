/// One pass over a user's packed reaches that counts what a candidate is judged by and finds where the reaches stand
/// that matter to it. A place of -1 is none.
struct ReachScan {
  /// Of the day, the day by priority, the window, the scene.
  private var counts: SIMD4<Int> = .zero
  private(set) var last = -1
  private(set) var same = -1
  private(set) var windowOpener = -1
  private(set) var sceneOpener = -1

  /// - Parameters:
  ///   - pairs: of each reach its packed form and its instant.
  ///   - tag: of the id that is asked about.
  init(
    _ pairs: UnsafeBufferPointer<UInt64>, _ limits: UnsafeBufferPointer<FrozenLimits>, _ candidate: borrowing Candidate,
    tag: UInt16
  ) {
    let (count, business) = (pairs.count / 2, candidate.limits.frozen.business)
    var start = 0
    while start < count {
      let end = min(count, start + 64)
      let concerned = Self.concerned(pairs, start, end, limits, business: business, tag: UInt64(tag))
      scan(
        pairs, start, concerned, limits, business: business, scene: candidate.limits.frozen.scene,
        reservePriority: candidate.user.reservePriority, tag: UInt64(tag))
      start = end
    }
  }

  /// Reaches of the counted day, and those of them by businesses with at least the reserve's priority.
  var today: Int { counts[0] }
  var priority: Int { counts[1] }
  /// Reaches of the business's window, and of its scene's.
  var window: Int { counts[2] }
  var scene: Int { counts[3] }

  /// A bit for each of up to 64 that is of the business, counts for the day or a scene, or may have the id. These are
  /// few, and passing over the others is most of a call: so it has no branches, which no processor could predict.
  @inline(never)
  private static func concerned(
    _ pairs: UnsafeBufferPointer<UInt64>, _ start: Int, _ end: Int, _ limits: UnsafeBufferPointer<FrozenLimits>,
    business: UInt32, tag: UInt64
  ) -> UInt64 {
    let nothing = touch(pairs, start, end)
    var bits: UInt64 = 0
    for index in start..<end {
      let word = pairs[2 &* index]
      let business = UInt64(limits[Int(UInt32(truncatingIfNeeded: word))].business ^ business)
      // The highest bit is set by 0 - 1, and by adding anything to the largest number without it.
      let found = (business &- 1) | ((word >> 48 ^ tag) &- 1) | ((word & PackedReach.general) &+ (.max >> 1))
      bits = bits >> 1 | found & 1 << 63
    }
    return bits >> UInt64(64 - (end - start)) | nothing
  }

  /// Asks memory for all their cache lines together, before any is waited for.
  ///
  /// - Returns: 0; but the compiler does not know, and so does not leave the reads out.
  @inline(__always)
  private static func touch(_ pairs: UnsafeBufferPointer<UInt64>, _ start: Int, _ end: Int) -> UInt64 {
    var seen: UInt64 = 0
    // The first pair of a cache line: four stand on each, after a header of half a line.
    var index = start &+ 2
    while index < end {
      seen |= pairs[2 &* index]
      index &+= 4
    }
    return seen & PackedReach.never
  }

  /// Sums, and the latest places, again without branches.
  @inline(never)
  private mutating func scan(
    _ pairs: UnsafeBufferPointer<UInt64>, _ start: Int, _ concerned: UInt64, _ all: UnsafeBufferPointer<FrozenLimits>,
    business: UInt32, scene: UInt32, reservePriority: Int, tag: UInt64
  ) {
    var counts: UInt64 = 0
    var (last, same, windowOpener, sceneOpener) = (last, same, windowOpener, sceneOpener)
    var rest = concerned
    while rest != 0 {
      let index = start &+ rest.trailingZeroBitCount
      rest &= rest &- 1
      let word = pairs[2 &* index]
      let limits = all[Int(UInt32(truncatingIfNeeded: word))]
      let isBusiness: UInt64 = limits.business == business ? .max : 0
      let isScene: UInt64 = limits.scene == scene ? .max : 0
      // The business's priority then, by the threshold now: a reserve that is new is not used up already.
      let isPriority: UInt64 = limits.priority >= reservePriority ? .max : 0
      counts &+= PackedReach(word: word).counts & (1 | isPriority & 1 << 16 | isBusiness & 1 << 32 | isScene & 1 << 48)
      last = PackedReach(word: word & isBusiness).isLast ? index : last
      windowOpener = PackedReach(word: word & isBusiness).opensWindow ? index : windowOpener
      sceneOpener = PackedReach(word: word & isScene).opensScene ? index : sceneOpener
      same = word >> 48 == tag ? index : same
    }
    (self.last, self.same, self.windowOpener, self.sceneOpener) = (last, same, windowOpener, sceneOpener)
    self.counts &+= SIMD4(
      Int(counts & 0xFFFF), Int(counts >> 16 & 0xFFFF), Int(counts >> 32 & 0xFFFF), Int(counts >> 48))
  }
}
