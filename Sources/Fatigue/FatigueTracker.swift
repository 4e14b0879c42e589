public import AttuneModel

/// Fatigue control 2.0: limits of the user, the scene and the business, in windows that open at the first reach
/// (docs/fatigue.md). The state of any number of users, as a value: a copy is a snapshot.
///
///     var fatigue = FatigueTracker(policy: policy)
///     let verdict = try fatigue.reserve(id: 1, user: "u1", business: "price-drop", at: now)
///     if verdict.passes { fatigue.settle(id: 1, user: "u1", as: .commit) }  // .release when the send failed
///
///     let saved = fatigue.encoded()  // bytes for a file; the policy is not part of them
///     var loaded = try FatigueTracker(decoding: saved)
///     loaded.policy = policy
///
/// A user's instants need not ascend: one earlier than the last reach of the same user and business is taken as that.
/// Do not call with an instant before the last `expire`: what was swept is no longer known. An id is remembered until
/// its day, its windows and its gap have ended, and then until the next `expire`.
public struct FatigueTracker: FatigueControl {
  public var policy: FatiguePolicy { didSet { limits.adopt(policy) } }
  var limits = LimitTable()
  var users = UserTable()
  var slab = Slab()

  /// Remembers nothing yet.
  public init(policy: FatiguePolicy) {
    self.policy = policy
    limits.adopt(policy)
  }

  public func check(
    id: UInt64?, user: String, business: String, zone: Zone?, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let candidate = candidate(try limits.place(of: business), zone, instant)
    guard let place = place(of: UserKey(user)) else { return Self.verdictOnNewUser(candidate) }
    let record = users[place]
    guard let id else { return reading(record) { $0.verdict(on: candidate) } }
    let counts = reading(record) { CandidateCounts($0, candidate, id: id) }
    if let same = try standing(counts, record, candidate) {
      return reading(record) { $0.verdict(onRepeated: same, candidate) }
    }
    return reading(record) { $0.verdict(counts, candidate) }
  }

  public mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone? = nil, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let place = try limits.place(of: business)
    let candidate = candidate(place, zone, instant)
    let key = UserKey(user)
    // The user last: what follows is the scan, and the processor begins it while memory still brings the record.
    guard let index = self.place(of: key) else {
      let verdict = Self.verdictOnNewUser(candidate)
      if verdict.passes { add(id, key, place, candidate) }
      return verdict
    }
    // In a variable: inside the call it would cost a copy of the state's fields.
    let record = users[index]
    let counts = reading(record) { CandidateCounts($0, candidate, id: id) }
    if let same = try standing(counts, record, candidate) {
      return reading(record) { $0.verdict(onRepeated: same, candidate) }
    }
    let verdict = reading(record) { $0.verdict(counts, candidate) }
    if verdict.passes { add(id, at: index, place, candidate, counts) }
    return verdict
  }

  /// Counts a reach that was decided earlier, whatever the limits say: what `reserve` does after a verdict that passed.
  /// For the replay of recorded decisions.
  ///
  /// - Parameters: as `reserve` has them.
  /// - Throws: as `reserve` does.
  public mutating func record(
    id: UInt64, user: String, business: String, zone: Zone? = nil, at instant: Instant
  ) throws(FatigueError) {
    let place = try limits.place(of: business)
    let candidate = candidate(place, zone, instant)
    let key = UserKey(user)
    guard let index = self.place(of: key) else { return add(id, key, place, candidate) }
    let record = users[index]
    let counts = reading(record) { CandidateCounts($0, candidate, id: id) }
    if try standing(counts, record, candidate) != nil { return }
    add(id, at: index, place, candidate, counts)
  }

  @discardableResult
  public mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool {
    guard let place = place(of: UserKey(user)) else { return false }
    let record = users[place]
    return writing(record) { $0.settle(id, as: settlement) }
  }

  public mutating func expire(before instant: Instant) {
    var gone: [UserKey] = []
    for place in users.places {
      let left = writing(users[place]) { $0.expire(before: instant) }
      if left == 0 { gone.append(slab.key(at: users[place])) } else { resize(at: place, to: left) }
    }
    for user in gone { forget(user) }
  }

  // MARK: - Counting

  private func candidate(_ place: Int, _ zone: Zone?, _ instant: Instant) -> Candidate {
    Candidate(at: instant, zone: zone ?? policy.zone, user: policy.user, limits: limits[place])
  }

  private static var nothing: ReachHistory {
    ReachHistory(all: .empty, limits: UnsafeBufferPointer(start: nil, count: 0))
  }

  private static func verdictOnNewUser(_ candidate: borrowing Candidate) -> FatigueVerdict {
    nothing.verdict(on: candidate)
  }

  /// The reservation that the id names; nil where it is free: never counted, forgotten, or released.
  private func standing(
    _ counts: CandidateCounts, _ record: UInt32, _ candidate: borrowing Candidate
  ) throws(FatigueError) -> Int? {
    guard let same = counts.same else { return nil }
    let limits = reading(record) { $0.stands(same, at: candidate.at) ? $0.all.packed(same).limits : nil }
    guard let limits else { return nil }
    guard self.limits.frozen[Int(limits)].business == candidate.limits.frozen.business else {
      throw FatigueError.conflict
    }
    return same
  }

  private mutating func add(_ id: UInt64, _ key: UserKey, _ place: Int, _ candidate: borrowing Candidate) {
    guard candidate.limits.counts else { return }
    let offset = slab.open(key, count: 1)
    users.insert(key, offset)
    add(id, to: offset, place, candidate, CandidateCounts(Self.nothing, candidate))
  }

  private mutating func add(
    _ id: UInt64, at index: Int, _ place: Int, _ candidate: borrowing Candidate, _ counts: CandidateCounts
  ) {
    guard candidate.limits.counts else { return }
    resize(at: index, to: slab.count(at: users[index]) + 1)
    let record = users[index]
    add(id, to: record, place, candidate, counts)
  }

  /// In the last place.
  private mutating func add(
    _ id: UInt64, to record: UInt32, _ place: Int, _ candidate: borrowing Candidate, _ counts: CandidateCounts
  ) {
    let number = limits.freeze(at: place)
    writing(record) { $0.add(id, number, candidate, counts) }
  }

  private mutating func resize(at place: Int, to count: Int) {
    let old = users[place]
    let new = slab.resize(old, to: count)
    if new != old { users[place] = new }
  }
}

// MARK: - Memory

extension FatigueTracker {
  func place(of key: UserKey) -> Int? { users.place(of: key, in: slab) }

  /// - Parameter record: its offset in the slab.
  func reading<T>(_ record: UInt32, _ body: (ReachHistory) throws -> T) rethrows -> T {
    try limits.frozen.withUnsafeBufferPointer { limits in
      try slab.reading(record) { try body(ReachHistory(all: $0, limits: limits)) }
    }
  }

  mutating func writing<T>(_ record: UInt32, _ body: (HistoryEditor) throws -> T) rethrows -> T {
    let frozen = limits.frozen
    return try frozen.withUnsafeBufferPointer { limits in
      try slab.writing(record) { try body(HistoryEditor(all: $0, limits: limits)) }
    }
  }

  /// Whether there was anything to forget.
  @discardableResult
  mutating func forget(_ user: UserKey) -> Bool {
    guard let place = place(of: user) else { return false }
    slab.close(users[place])
    users.remove(at: place)
    return true
  }
}

// MARK: - Prefetching

extension FatigueTracker {
  /// For how many users at a time it pays to `prepare`: enough to share the waiting, few enough to stay in the cache.
  public static let preparation = 16

  /// Fetches from memory what is remembered of users whom the next calls are about. It changes no answer; it waits for
  /// memory once for all of them, where the calls would wait for each in turn.
  ///
  /// - Parameter users: best not more than `preparation`, who would push one another out of the cache.
  /// - Returns: a number without a meaning, so that the compiler cannot leave the reads out.
  @discardableResult
  @inline(never)
  public func prepare(for users: ArraySlice<String>) -> UInt64 {
    var hashes = users.map { UserKey($0).low }
    // Each step is a loop of reads that do not depend on one another, so that the processor overlaps them.
    var seen = hashes.reduce(0) { $0 ^ self.users.touch($1) }
    var known = 0
    for hash in hashes {
      guard let record = self.users.probableRecord(of: hash) else { continue }
      seen ^= UInt64(slab.count(at: record))
      hashes[known] = UInt64(record)
      known += 1
    }
    for record in hashes.prefix(known) { seen ^= slab.reading(UInt32(truncatingIfNeeded: record)) { $0.touch() } }
    return seen
  }
}
